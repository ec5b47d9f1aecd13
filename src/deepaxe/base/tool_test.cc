#include "deepaxe/base/tool.h"

#include <gtest/gtest.h>

#include <stdexcept>

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
