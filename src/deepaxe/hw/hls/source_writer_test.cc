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
  out.loop("rows", "y", 3);
  out.line("f(y);");
  out.close();
  EXPECT_EQ(out.text(), "rows:\nfor (int y = 0; y < 3; ++y) {\n  f(y);\n}\n");
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
