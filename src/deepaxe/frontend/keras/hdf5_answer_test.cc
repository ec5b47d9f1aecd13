#include "deepaxe/frontend/keras/hdf5_answer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::keras {
namespace {

Hdf5Content make_content() {
  Hdf5Content content;
  content.attributes["group"]["names"] = {"first", "", "third"};
  content.arrays["group/kernel"] = {.shape = {2, 1, 3}, .values = {1, 2, 3, 4, 5, 6}};
  content.arrays["group/scalar"] = {.shape = {}, .values = {7}};
  content.arrays["none"] = {.shape = {0, 4}, .values = {}};
  return content;
}

std::string refusal(std::span<const std::byte> bytes) {
  try {
    (void)unpack_answer(bytes, "net.h5");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

// One array without attributes, of this shape and number of values.
std::vector<std::byte> answer(const std::vector<std::uint64_t>& shape, std::uint64_t num_values) {
  std::vector<std::uint64_t> words = {0, 1, 0, shape.size()};  // One array, its path empty.
  words.insert(words.end(), shape.begin(), shape.end());
  words.push_back(num_values);
  const auto bytes = std::as_bytes(std::span(words));
  std::vector<std::byte> all(bytes.begin(), bytes.end());
  all.resize(all.size() + 4 * sizeof(float));
  return all;
}

TEST(Hdf5Answer, UnpackingGivesWhatWasPacked) {
  const Hdf5Content content = make_content();
  const Hdf5Content again = unpack_answer(pack_answer(content), "net.h5");
  EXPECT_EQ(again.attributes, content.attributes);
  ASSERT_EQ(again.arrays.size(), content.arrays.size());
  for (const auto& [path, array] : content.arrays) {
    EXPECT_EQ(again.arrays.at(path).shape, array.shape) << path;
    EXPECT_EQ(again.arrays.at(path).values, array.values) << path;
  }
}

TEST(Hdf5Answer, RefusesEveryTruncationAndEveryAddition) {
  std::vector<std::byte> bytes = pack_answer(make_content());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(refusal(std::span(bytes).first(size)), "accepted") << size;
  }
  bytes.push_back(std::byte{0});
  EXPECT_NE(refusal(bytes).find("net.h5"), std::string::npos);
}

// Later code trusts that shape and values agree.
TEST(Hdf5Answer, RefusesAShapeThatDoesNotFitItsValues) {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 63;
  EXPECT_EQ(refusal(answer({4}, 4)), "accepted");
  EXPECT_EQ(refusal(answer({2, 2}, 4)), "accepted");
  EXPECT_NE(refusal(answer({5}, 4)), "accepted");
  EXPECT_NE(refusal(answer({kHuge}, 4)), "accepted");
  EXPECT_NE(refusal(answer({kHuge + 4, 2}, 4)), "accepted");  // Twice that is 8, modulo 2^64.
  EXPECT_NE(refusal(answer({1U << 31, 1U << 31, 4}, 4)), "accepted");
  EXPECT_NE(refusal(answer({4}, kHuge + 4)), "accepted");
}

}  // namespace
}  // namespace deepaxe::frontend::keras
