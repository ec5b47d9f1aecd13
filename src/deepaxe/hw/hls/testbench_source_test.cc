#include "deepaxe/hw/hls/testbench_source.h"

#include <gtest/gtest.h>

#include <sstream>

namespace deepaxe::hw::hls {
namespace {

TEST(TestbenchSource, CallsTheTopFunctionWhereverThePlaceholderStood) {
  const std::string text = testbench_source("my_net");
  EXPECT_EQ(text.find("TOP("), std::string::npos);
  EXPECT_NE(text.find("my_net(image.data(), logits.data());"), std::string::npos);
}

TEST(VectorsText, ReadsBackAsTheImagesAndLogitsItWasMadeOf) {
  const design::TestVectors vectors{
      .images = {-128, 0, 127, 5, 6, 7}, .logits = {1, -2, 3, -4}, .count = 2};
  std::istringstream stream(vectors_text(vectors, 3, 2));
  std::string line;
  std::getline(stream, line);
  EXPECT_EQ(line, "images 2 inputs 3 logits 2");
  std::vector<int> numbers;
  for (int number = 0; stream >> number;) numbers.push_back(number);
  EXPECT_EQ(numbers, (std::vector<int>{-128, 0, 127, 1, -2, 5, 6, 7, 3, -4}));
}

}  // namespace
}  // namespace deepaxe::hw::hls
