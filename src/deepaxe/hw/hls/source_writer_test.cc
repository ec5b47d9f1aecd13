#include "deepaxe/hw/hls/source_writer.h"

#include <gtest/gtest.h>

#include <numeric>
#include <sstream>
#include <vector>

namespace deepaxe::hw::hls {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(SourceWriter, LoopsAreLabelledAndIndented) {
  SourceWriter out;
  out.loop({.label = "rows", .variable = "y", .bound = 3});
  out.line("f(y);");
  out.close();
  EXPECT_EQ(out.text(), "rows:\nfor (int y = 0; y < 3; ++y) {\n  f(y);\n}\n");
}

// GCC and Clang want the factor right before `for`, Vitis HLS wants both first in the body.
TEST(SourceWriter, DirectivesStandWhereTheToolsReadThem) {
  SourceWriter out;
  out.loop(
      {.label = "rows", .variable = "y", .bound = 3, .directives = {.pipeline = 2, .unroll = 3}});
  out.close();
  EXPECT_EQ(
      lines_of(out.text()),
      (std::vector<std::string>{"rows:", "DEEPAXE_UNROLL_NEXT(3)", "for (int y = 0; y < 3; ++y) {",
                                "  DEEPAXE_PIPELINE(2)", "  DEEPAXE_UNROLL(3)", "}"}));
}

TEST(SourceWriter, NumbersFillLinesOfAtMostAHundredColumnsAndKeepTheirOrder) {
  std::vector<std::int32_t> values(500);
  std::iota(values.begin(), values.end(), -250);
  SourceWriter out;
  out.open("const int x[500] =");
  out.numbers(values);
  out.close(";");
  std::vector<std::int32_t> read;
  for (const std::string& line : lines_of(out.text())) {
    EXPECT_LE(line.size(), 100U);
    if (line.front() != ' ') continue;
    std::istringstream stream(line);
    char comma = 0;
    for (int value = 0; stream >> value >> comma;) read.push_back(value);
  }
  EXPECT_EQ(read, values);
}

TEST(SourceWriter, CommentsBreakAtBlanksAndLoseNoWord) {
  std::string text, joined;
  for (int i = 0; i < 60; ++i) text += (i == 0 ? "" : " ") + std::string("word");
  SourceWriter out;
  out.comment(text);
  for (const std::string& line : lines_of(out.text())) {
    EXPECT_LE(line.size(), 100U);
    joined += line.substr(2);
  }
  EXPECT_EQ(joined.substr(1), text);
}

}  // namespace
}  // namespace deepaxe::hw::hls
