#include "deepaxe/base/tool.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"

namespace deepaxe::base {
namespace {

TEST(Tool, IsFoundIfItRunsAndSucceeds) {
  EXPECT_TRUE(has_tool("true"));
  EXPECT_FALSE(has_tool("false"));
  EXPECT_FALSE(has_tool("deepaxe-no-such-program"));
}

TEST(Tool, ReturnsWhatItWroteToBothStreams) {
  EXPECT_EQ(run_tool({"sh", "-c", "echo out; echo err >&2"}, 10, ""), "out\nerr\n");
}

TEST(Tool, ThatFailsIsAnInputErrorWithItsLastLines) {
  try {
    run_tool({"sh", "-c", "seq 1000; echo the reason; exit 3"}, 10, "");
    FAIL() << "it succeeded";
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("found exit code 3; it wrote last: "), std::string::npos) << text;
    EXPECT_NE(text.find("1000 the reason, expected success"), std::string::npos) << text;
    EXPECT_LT(text.size(), 600U);
  }
}

TEST(Tool, PastItsTimeIsAnInputErrorWithTheAdvice) {
  try {
    run_tool({"sleep", "60"}, 0.2, "less sleep");
    FAIL() << "a minute passed";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "sleep 60: found no end within 0.2 s, expected less sleep");
  }
}

}  // namespace
}  // namespace deepaxe::base
