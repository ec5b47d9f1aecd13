// What the generator promises, and that all kernels agree on what it makes.
#include "random_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "deepaxe/frontend/tflite/tflite.h"
#include "foreign.h"
#include "kernel_check.h"
#include "operators.h"

namespace deepaxe::conformance {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr int kNumCases = 150;

TEST(RandomGraph, ACaseIsAFunctionOfSeedAndIndex) {
  const Case a = make_case(kSeed, 5);
  const Case b = make_case(kSeed, 5);
  EXPECT_EQ(model::content_key(a.model), model::content_key(b.model));
  EXPECT_EQ(a.images, b.images);
  EXPECT_NE(model::content_key(a.model), model::content_key(make_case(kSeed + 1, 5).model));
}

TEST(RandomGraph, EveryCaseIsAValidModelWithAllCodesOfItsInput) {
  for (int index = 0; index < kNumCases; ++index) {
    const Case made = make_case(kSeed, index);
    EXPECT_NO_THROW(model::validate(made.model, "case"));
    EXPECT_EQ(made.images.size(), model::num_elements(made.model.input_shape()) *
                                      static_cast<std::size_t>(made.num_images));
  }
}

TEST(RandomGraph, EveryOperatorStandsAloneInItsTurn) {
  int index = 0;
  for (const OperatorEntry& entry : operator_table()) {
    const model::Int8Model made = make_case(kSeed, index).model;
    const auto is_entry = [&](const model::Int8Node& node) {
      return entry.name.starts_with(model::op_name(node.op)) ||
             entry.name.ends_with(model::op_name(node.op));
    };
    EXPECT_TRUE(std::ranges::any_of(made.nodes, is_entry)) << entry.name;
    index += 3;
  }
}

TEST(RandomGraph, ZeroPointsReachBothEnds) {
  std::set<int> zero_points;
  for (int index = 0; index < kNumCases; ++index) {
    for (const model::Int8Node& node : make_case(kSeed, index).model.nodes) {
      zero_points.insert(node.quant.zero_point);
    }
  }
  EXPECT_TRUE(zero_points.contains(-128));
  EXPECT_TRUE(zero_points.contains(127));
}

TEST(RandomGraph, AllKernelsGiveTheSameBytes) {
  for (int index = 0; index < kNumCases; ++index) {
    const Case made = make_case(kSeed, index);
    const auto expected = reference_tensors(made.model, made.images);
    EXPECT_EQ(find_difference(made.model, made.images, expected), "") << "case " << index;
  }
}

TEST(RandomGraph, WritingAndReadingKeepsTheModel) {
  for (int index = 0; index < kNumCases; ++index) {
    const model::Int8Model written = make_case(kSeed, index).model;
    const auto read =
        frontend::tflite::parse_tflite(frontend::tflite::format_tflite(written), "case.tflite");
    EXPECT_EQ(model::content_key(read), model::content_key(written)) << "case " << index;
  }
}

// What comes out is compared, as a file may have more or fewer reshapes than ours.
TEST(RandomGraph, FilesOfOtherWritersGiveTheSameNumbers) {
  for (int index = 0; index < kNumCases; ++index) {
    const Case made = make_case(kSeed, index);
    const auto bytes = as_foreign_file(frontend::tflite::format_tflite(made.model),
                                       Draw(kSeed, static_cast<std::uint64_t>(index)));
    const model::Int8Model read = frontend::tflite::parse_tflite(bytes, "foreign.tflite");
    const auto expected = reference_tensors(made.model, made.images);
    const auto found = reference_tensors(read, made.images);
    EXPECT_EQ(found.at(static_cast<std::size_t>(model::logits_node(read))),
              expected.at(static_cast<std::size_t>(model::logits_node(made.model))))
        << "case " << index;
  }
}

}  // namespace
}  // namespace deepaxe::conformance
