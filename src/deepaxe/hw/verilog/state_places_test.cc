#include "deepaxe/hw/verilog/state_places.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::verilog {
namespace {

TEST(StateGroup, NamesAreReadBack) {
  for (int i = 0; i < kNumStateGroups; ++i) {
    const auto group = static_cast<StateGroup>(i);
    EXPECT_EQ(parse_state_group(to_string(group)), group);
  }
  EXPECT_EQ(parse_state_group("register"), std::nullopt);
}

}  // namespace
}  // namespace deepaxe::hw::verilog
