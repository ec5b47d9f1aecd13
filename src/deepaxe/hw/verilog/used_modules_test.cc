#include "deepaxe/hw/verilog/used_modules.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::verilog {
namespace {

TEST(UsedModules, AreThoseBelowTheTopModule) {
  design::SourceFiles files = {
      {"top.v", "module top (\n);\n    shell shell (\n        .a(b)\n    );\nendmodule\n"},
      {"shell.v", "module shell (\n);\n    rom #(\n        .SIZE(1)\n    ) words (\n    );\n"},
      {"rom.v", "module rom #(\n    parameter SIZE = 1\n) (\n);\nendmodule\n"},
      {"pool.v", "module pool (\n);\n    walker walker (\n    );\nendmodule\n"},
      {"walker.v", "module walker (\n);\nendmodule\n"},
      {"words.hex", "00\n"}};
  drop_unused_modules(files, "top");
  EXPECT_EQ(files.size(), 4U);
  for (const char* kept : {"top.v", "shell.v", "rom.v", "words.hex"}) {
    EXPECT_TRUE(files.contains(kept)) << kept;
  }
}

TEST(UsedModules, AWordInACommentIsNoInstance) {
  design::SourceFiles files = {
      {"top.v", "// pool is not used (here).\nmodule top (\n);\n    // pool pool (\nendmodule\n"},
      {"pool.v", "module pool (\n);\nendmodule\n"}};
  drop_unused_modules(files, "top");
  EXPECT_FALSE(files.contains("pool.v"));
}

}  // namespace
}  // namespace deepaxe::hw::verilog
