#include "deepaxe/fault/difference_loops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "deepaxe/base/philox.h"

namespace deepaxe::fault {
namespace {

constexpr std::size_t kCounts[] = {1, 7, 8, 10, 16, 63, 64, 65, 84, 120, 200};

// What loops list, and room for it.
struct FoundChanges {
  FoundChanges(std::size_t num_elements, std::size_t num_blocks)
      : elements(num_elements + 16), blocks(num_blocks + 16) {
    lists = {elements.data(), blocks.data()};
  }
  void expect(const std::vector<std::uint32_t>& expected, const std::vector<std::uint32_t>& first,
              std::size_t width) {
    elements.resize(lists.num_elements);
    blocks.resize(lists.num_blocks);
    ASSERT_EQ(elements, expected);
    std::vector<std::uint32_t> expected_blocks;
    for (const std::uint32_t block : first) {
      const auto is_in_block = [&](std::uint32_t e) { return e >= block && e < block + width; };
      if (std::any_of(expected.begin(), expected.end(), is_in_block)) {
        expected_blocks.push_back(block);
      }
    }
    ASSERT_EQ(blocks, expected_blocks);
  }

  std::vector<std::uint32_t> elements, blocks;
  ChangeLists lists{};
};

TEST(DifferenceLoops, ScaleAndAddAsTheFormulaOnEveryInstructionSet) {
  const base::CounterRng rng(1);
  std::vector<std::int16_t> plane(200);
  for (std::size_t i = 0; i < plane.size(); ++i) {
    plane[i] = static_cast<std::int16_t>(static_cast<int>(rng.below(65'536, i)) - 32'768);
  }
  for (const kernel::Isa isa : kernel::available_isas()) {
    const DifferenceLoops& loops = difference_loops(isa);
    for (const std::size_t count : kCounts) {
      std::vector<std::int32_t> sums(count);
      loops.set_scaled(sums.data(), plane.data(), -255, count);
      loops.add_scaled(sums.data(), plane.data(), 7, count);
      for (std::size_t o = 0; o < count; ++o) ASSERT_EQ(sums[o], -248 * plane[o]);
    }
  }
}

TEST(DifferenceLoops, AddRowsAsTheFormulaOnEveryInstructionSet) {
  const base::CounterRng rng(3);
  const auto word = [&](std::uint64_t i, int low, int high) {
    return low + static_cast<int>(rng.below(static_cast<std::uint64_t>(high - low + 1), i));
  };
  constexpr std::size_t kNumRows = 5, kMost = 300;
  std::vector<std::int16_t> plane;
  std::vector<std::uint32_t> offsets;
  std::vector<std::int16_t> steps;
  for (std::size_t r = 0; r < kNumRows; ++r) {
    offsets.push_back(static_cast<std::uint32_t>(r * kMost));
    steps.push_back(static_cast<std::int16_t>(word(5000 + r, -255, 255)));
    for (std::size_t i = 0; i < kMost; ++i) {
      plane.push_back(static_cast<std::int16_t>(word(r * kMost + i, -32'768, 32'767)));
    }
  }
  std::vector<std::int32_t> from(kMost, std::numeric_limits<std::int32_t>::max());
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t count :
         {1U, 7U, 8U, 10U, 16U, 17U, 63U, 84U, 120U, 128U, 129U, 250U, 300U}) {
      for (std::size_t num_rows = 0; num_rows <= kNumRows; ++num_rows) {
        std::vector<std::int32_t> to(kMost, 77);
        difference_loops(isa).add_rows({plane.data(), offsets.data(), steps.data(), num_rows},
                                       from.data(), to.data(), count);
        for (std::size_t o = 0; o < kMost; ++o) {
          auto expected = static_cast<std::uint32_t>(o < count ? from[o] : 77);  // Wraps.
          for (std::size_t r = 0; o < count && r < num_rows; ++r) {
            expected += static_cast<std::uint32_t>(steps[r] * plane[r * kMost + o]);
          }
          ASSERT_EQ(static_cast<std::uint32_t>(to[o]), expected) << count << " " << o;
        }
      }
    }
  }
}

TEST(DifferenceLoops, AddRowsOfBytesAsTheFormulaOnEveryInstructionSetThatDoes) {
  const base::CounterRng rng(16);
  const auto draw = [&](std::uint64_t i, int low, int high) {
    return low + static_cast<int>(rng.below(static_cast<std::uint64_t>(high - low + 1), i));
  };
  constexpr std::size_t kNumRows = 70, kMost = 300;
  std::vector<int> weights;
  std::vector<std::uint8_t> bytes;
  std::vector<std::int16_t> steps;
  for (std::size_t r = 0; r < kNumRows; ++r) {
    // Every third as far as steps go.
    const int far = draw(900'000 + r, 0, 1) == 0 ? -255 : 255;
    steps.push_back(static_cast<std::int16_t>(r % 3 == 0 ? far : draw(800'000 + r, -255, 255)));
    for (std::size_t i = 0; i < kMost; ++i) {
      weights.push_back(draw(r * kMost + i, -128, 127));
      bytes.push_back(static_cast<std::uint8_t>(weights.back() + 128));
    }
  }
  const std::vector<std::int32_t> from(kMost, std::numeric_limits<std::int32_t>::max());
  for (const kernel::Isa isa : kernel::available_isas()) {
    const DifferenceLoops& loops = difference_loops(isa);
    ASSERT_EQ(loops.add_byte_rows == nullptr, isa < kernel::Isa::kAvx512Vnni);
    if (loops.add_byte_rows == nullptr) continue;
    for (const std::size_t num_rows : {1U, 2U, 4U, 5U, 31U, 32U, 33U, 70U}) {
      std::vector<std::uint32_t> offsets(3 * num_rows + kRowsAtOnce);
      std::vector<std::int8_t> byte_steps(offsets.size());
      for (std::size_t r = 0; r < num_rows; ++r) {
        offsets[r] = static_cast<std::uint32_t>(r * kMost);
      }
      const std::size_t num_byte_rows =
          loops.narrow_steps(offsets.data(), steps.data(), num_rows, byte_steps.data());
      ASSERT_EQ(num_byte_rows % kRowsAtOnce, 0U);
      for (const std::size_t count : {1U, 15U, 16U, 17U, 63U, 64U, 65U, 120U, 128U, 129U, 300U}) {
        std::vector<std::int32_t> to(kMost, 77);
        loops.add_byte_rows({bytes.data(), offsets.data(), byte_steps.data(), num_byte_rows},
                            from.data(), to.data(), count);
        for (std::size_t o = 0; o < kMost; ++o) {
          auto expected = static_cast<std::uint32_t>(o < count ? from[o] : 77);  // Wraps.
          for (std::size_t r = 0; o < count && r < num_rows; ++r) {
            expected += static_cast<std::uint32_t>(steps[r] * weights[r * kMost + o]);
          }
          ASSERT_EQ(static_cast<std::uint32_t>(to[o]), expected) << count << " " << o;
        }
      }
    }
  }
}

TEST(DifferenceLoops, StoreChangedCodesAndListThemOnEveryInstructionSet) {
  const base::CounterRng rng(4);
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t width : kCounts) {
      const std::vector<std::uint32_t> first = {static_cast<std::uint32_t>(width + 1), 0};
      std::vector<std::int8_t> tensor(2 * width + 3, 5), codes(2 * width, 5);
      std::vector<std::int8_t> expected_tensor = tensor;
      std::vector<std::uint32_t> expected;
      for (std::size_t i = 0; i < codes.size(); ++i) {
        if (rng.below(4, i) != 0) continue;
        codes[i] = static_cast<std::int8_t>(-100 + static_cast<int>(rng.below(90, i, 1)));
        expected.push_back(first[i / width] + static_cast<std::uint32_t>(i % width));
        expected_tensor[expected.back()] = codes[i];
      }
      FoundChanges found(2 * width, 2);
      difference_loops(isa).store_changed({first.data(), 2, width}, codes.data(), tensor.data(),
                                          found.lists);
      found.expect(expected, first, width);
      ASSERT_EQ(tensor, expected_tensor);
    }
  }
}

// Tables that LinearCodes describes but for some ties, and without it.
TEST(DifferenceLoops, CombineOperandsAsTheTableWhereTheyDo) {
  const base::CounterRng rng(14);
  const LinearCodes linear = {
      .of_first = 0.5F, .of_second = -0.78F, .constant = 3.1F, .low = -110, .high = 101};
  std::vector<std::int8_t> table(65'536);
  for (std::size_t pair = 0; pair < table.size(); ++pair) {
    const double value = double{linear.constant} +
                         double{linear.of_first} * static_cast<std::int8_t>(pair >> 8) +
                         double{linear.of_second} * static_cast<std::int8_t>(pair & 255);
    table[pair] =
        static_cast<std::int8_t>(std::clamp<double>(std::round(value), linear.low, linear.high));
  }
  ASSERT_TRUE(linear.hold_for(table));
  const auto draw = [&](std::uint64_t bound, std::uint64_t i, std::uint64_t stream) {
    return rng.below(bound, 1000 * stream + i);
  };
  const auto code = [&](std::uint64_t i, std::uint64_t stream) {
    return static_cast<std::int8_t>(static_cast<int>(draw(256, i, stream)) - 128);
  };
  const auto combine = [&](std::int8_t a, std::int8_t b) {
    return table[std::size_t{static_cast<std::uint8_t>(a)} << 8 | static_cast<std::uint8_t>(b)];
  };
  for (const kernel::Isa isa : kernel::available_isas()) {
    if (difference_loops(isa).combine_changed == nullptr) continue;
    for (const std::size_t width : kCounts) {
      const std::vector<std::uint32_t> first = {static_cast<std::uint32_t>(width), 0};
      std::vector<std::int8_t> a, b, golden, expected_tensor;
      for (std::size_t i = 0; i < 2 * width; ++i) {
        a.push_back(code(i, 0));
        b.push_back(code(i, 1));
        golden.push_back(combine(a[i], b[i]));
      }
      std::vector<std::int8_t> a_faulty = a, b_faulty = b;
      std::vector<std::uint32_t> expected;
      for (const std::uint32_t block : first) {
        for (std::uint32_t e = block; e < block + width; ++e) {
          if (draw(3, e, 2) == 0) a_faulty[e] = code(e, 3);
          if (draw(5, e, 4) == 0) b_faulty[e] = code(e, 5);
          if (combine(a_faulty[e], b_faulty[e]) != golden[e]) expected.push_back(e);
        }
      }
      for (const LinearCodes* known : {&linear, static_cast<const LinearCodes*>(nullptr)}) {
        std::vector<std::int8_t> tensor = golden;
        FoundChanges found(2 * width, 2);
        difference_loops(isa).combine_changed({{first.data(), 2, width},
                                               a.data(),
                                               a_faulty.data(),
                                               b.data(),
                                               b_faulty.data(),
                                               table.data(),
                                               known},
                                              tensor.data(), found.lists);
        found.expect(expected, first, width);
        for (std::size_t e = 0; e < tensor.size(); ++e) {
          ASSERT_EQ(tensor[e], combine(a_faulty[e], b_faulty[e]));
        }
      }
    }
  }
}

TEST(DifferenceLoops, CopyBlocksAndNothingElseOnEveryInstructionSet) {
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t width : kCounts) {
      const std::vector<std::uint32_t> first = {static_cast<std::uint32_t>(2 * width), 0};
      const std::vector<std::int8_t> from(3 * width, 7);
      std::vector<std::int8_t> to(3 * width, 5), expected = from;
      std::fill_n(expected.begin() + static_cast<std::ptrdiff_t>(width), width, std::int8_t{5});
      difference_loops(isa).copy_blocks({first.data(), 2, width}, from.data(), to.data());
      ASSERT_EQ(to, expected);
    }
  }
}

TEST(DifferenceLoops, ListStepsOfThePixelOnEveryInstructionSet) {
  const base::CounterRng rng(15);
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t channels : kCounts) {
      std::vector<std::int8_t> golden(channels, -128), faulty(channels, -128);
      std::vector<std::uint32_t> expected, offsets(channels + 16);
      std::vector<std::int16_t> expected_steps, steps(channels + 16);
      for (std::size_t c = 0; c < channels; ++c) {
        if (rng.below(3, c) != 0) continue;
        faulty[c] = static_cast<std::int8_t>(static_cast<int>(rng.below(255, c, 1)) - 127);
        expected.push_back(static_cast<std::uint32_t>(300 * c));
        expected_steps.push_back(static_cast<std::int16_t>(faulty[c] + 128));
      }
      const std::size_t count = difference_loops(isa).list_steps(
          {golden.data(), faulty.data(), channels}, 300, offsets.data(), steps.data());
      offsets.resize(count);
      steps.resize(count);
      ASSERT_EQ(offsets, expected);
      ASSERT_EQ(steps, expected_steps);
    }
  }
}

TEST(DifferenceLoops, OverlayWritesCountsAndNotesTheLastOnEveryInstructionSet) {
  const base::CounterRng rng(7);
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t width : kCounts) {
      const std::vector<std::uint32_t> first = {static_cast<std::uint32_t>(width + 3), 1};
      std::vector<std::int8_t> tensor(2 * width + 5, 5), codes(2 * width, 5);
      std::vector<std::int8_t> expected = tensor;
      std::size_t num_changed = 0;
      std::uint32_t expected_last = 77;
      for (std::size_t i = 0; i < codes.size(); ++i) {
        if (rng.below(9, i) != 0) continue;
        codes[i] = -100;
        expected_last = first[i / width] + static_cast<std::uint32_t>(i % width);
        expected[expected_last] = -100;
        ++num_changed;
      }
      std::uint32_t last = 77;
      ASSERT_EQ(difference_loops(isa).overlay({first.data(), 2, width}, codes.data(), tensor.data(),
                                              &last),
                num_changed);
      ASSERT_EQ(tensor, expected);
      ASSERT_EQ(last, expected_last);
    }
  }
}

TEST(DifferenceLoops, MaxOfSiblingsAsTheFormulaOnEveryInstructionSet) {
  const base::CounterRng rng(8);
  constexpr std::size_t kNumSiblings = 6, kNumMoved = 2, kNumFixed = 2, kNumTerms = 3;
  const auto word = [&](std::uint64_t i, std::size_t row) {  // 1000 words a row.
    const auto index = static_cast<std::uint64_t>(row) * 1000 + i;
    return static_cast<std::int16_t>(static_cast<int>(rng.below(65'536, index)) - 32'768);
  };
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t outputs : kCounts) {
      for (std::size_t num_fixed = 0; num_fixed <= kNumFixed; ++num_fixed) {
        std::vector<std::vector<std::int32_t>> sums(kNumMoved + kNumFixed);
        std::vector<std::vector<std::int16_t>> planes(kNumMoved);
        std::vector<const std::int32_t*> moved, fixed;
        std::vector<const std::int16_t*> plane_rows;
        for (std::size_t r = 0; r < sums.size(); ++r) {
          for (std::size_t o = 0; o < outputs; ++o) sums[r].push_back(word(o, r) * 300);
        }
        for (std::size_t r = 0; r < kNumMoved; ++r) {
          for (std::size_t i = 0; i < kNumTerms * outputs; ++i) planes[r].push_back(word(i, 9 + r));
          moved.push_back(sums[r].data());
          plane_rows.push_back(planes[r].data());
        }
        for (std::size_t r = 0; r < num_fixed; ++r) fixed.push_back(sums[kNumMoved + r].data());
        std::vector<std::int16_t> steps;
        for (std::size_t i = 0; i < kNumSiblings * kNumTerms; ++i) {
          steps.push_back(static_cast<std::int16_t>(word(i, 20) % 256));
        }
        std::vector<std::int32_t> maxima(kNumSiblings * (outputs + 1), 3);
        difference_loops(isa).max_of_siblings({fixed.data(), num_fixed, moved.data(),
                                               plane_rows.data(), kNumMoved, kNumTerms, outputs},
                                              steps.data(), kNumSiblings,
                                              {maxima.data(), outputs + 1});
        for (std::size_t s = 0; s < kNumSiblings; ++s) {
          for (std::size_t o = 0; o < outputs; ++o) {
            std::int32_t expected = std::numeric_limits<std::int32_t>::min();
            for (std::size_t r = 0; r < num_fixed; ++r) expected = std::max(expected, fixed[r][o]);
            for (std::size_t r = 0; r < kNumMoved; ++r) {
              std::int32_t sum = moved[r][o];
              for (std::size_t t = 0; t < kNumTerms; ++t) {
                sum += steps[s * kNumTerms + t] * planes[r][t * outputs + o];
              }
              expected = std::max(expected, sum);
            }
            ASSERT_EQ(maxima[s * (outputs + 1) + o], expected) << outputs << " " << s << " " << o;
          }
          ASSERT_EQ(maxima[s * (outputs + 1) + outputs], 3) << "written past the outputs";
        }
      }
    }
  }
}

TEST(DifferenceLoops, MaxAndSumOfAWindowOnEveryInstructionSet) {
  const base::CounterRng rng(6);
  constexpr std::size_t kRows = 3, kColumns = 2, kWidth = 5;  // Pixels of the image's rows.
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t channels : kCounts) {
      std::vector<std::int8_t> image(kRows * kWidth * channels), maxima(channels);
      for (std::size_t i = 0; i < image.size(); ++i) {
        image[i] = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128);
      }
      difference_loops(isa).max_of_window(
          {image.data(), kRows, kColumns, kWidth * channels, channels}, -20, 90, maxima.data());
      std::vector<std::int32_t> sums(channels, 99);
      difference_loops(isa).sum_of_window(
          {image.data(), kRows, kColumns, kWidth * channels, channels}, sums.data());
      for (std::size_t c = 0; c < channels; ++c) {
        int expected = -20, sum = 0;
        for (std::size_t y = 0; y < kRows; ++y) {
          for (std::size_t x = 0; x < kColumns; ++x) {
            expected = std::max<int>(expected, image[(y * kWidth + x) * channels + c]);
            sum += image[(y * kWidth + x) * channels + c];
          }
        }
        ASSERT_EQ(maxima[c], std::min(expected, 90));
        ASSERT_EQ(sums[c], sum);
      }
    }
  }
}

TEST(DifferenceLoops, FindWhatLiesOutsideUpToTheLimitsOfInt32) {
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  const std::int32_t lows[] = {kMin, -1000, -1, 0}, highs[] = {0, 1, 500, kMax};
  const base::CounterRng rng(2);
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t count : kCounts) {
      std::vector<std::int32_t> deltas, low;
      std::vector<std::uint32_t> width, expected, found(count);
      for (std::size_t o = 0; o < count; ++o) {
        const std::int32_t high = highs[rng.below(4, o, 0)];
        deltas.push_back(static_cast<std::int32_t>(rng.below(4001, o + 1000)) - 2000);
        low.push_back(lows[rng.below(4, o, 1)]);
        width.push_back(static_cast<std::uint32_t>(high) - static_cast<std::uint32_t>(low[o]));
        if (deltas[o] < low[o] || deltas[o] > high) {
          expected.push_back(static_cast<std::uint32_t>(o));
        }
      }
      found.resize(difference_loops(isa).find_outside(deltas.data(), low.data(), width.data(),
                                                      count, found.data()));
      ASSERT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace deepaxe::fault
