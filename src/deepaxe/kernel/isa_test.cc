#include "deepaxe/kernel/isa.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel {
namespace {

TEST(Isa, BaselineIsAlwaysAvailable) {
  ASSERT_FALSE(available_isas().empty());
  EXPECT_EQ(available_isas().front(), Isa::kBaseline);
}

TEST(Isa, TheWidestIsChosenUnlessOneIsForced) {
  EXPECT_EQ(choose_isa(""), available_isas().back());
  for (const Isa isa : available_isas()) EXPECT_EQ(choose_isa(isa_name(isa)), isa);
}

TEST(Isa, AnUnknownNameIsRefusedWithTheKnownOnes) {
  try {
    choose_isa("avx1024");
    FAIL() << "accepted avx1024";
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.parts().file, "DEEPAXE_ISA");
    EXPECT_EQ(error.parts().found, "avx1024");
    EXPECT_NE(error.parts().expected.find("baseline"), std::string::npos);
  }
}

TEST(Isa, TheActiveOneFollowsTheEnvironment) {
  const char* forced = std::getenv("DEEPAXE_ISA");
  EXPECT_EQ(active_isa(), choose_isa(forced == nullptr ? "" : forced));
}

// The loops say what the compiler compiled them for: a wrong flag or a wrong choice shows here.
TEST(Isa, TheLoopsOfEachOneWereCompiledForIt) {
  for (const Isa isa : available_isas()) {
    EXPECT_EQ(table::hot_loops(isa).compiled_for, isa_name(isa));
  }
  EXPECT_STREQ(table::portable_loops().compiled_for, "portable");
}

}  // namespace
}  // namespace deepaxe::kernel
