#include "deepaxe/hw/verilog/rtl.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
namespace {

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(RtlFiles, HaveNothingLeftToPutIn) {
  for (const auto& [name, text] : rtl_files()) {
    EXPECT_EQ(text.find("@s_"), std::string::npos) << name;
    EXPECT_EQ(text.find("@m_"), std::string::npos) << name;
    EXPECT_NE(text.find("\nendmodule\n"), std::string::npos) << name;
  }
}

// Of the top module clock and reset alone are not a shell's.
TEST(RtlFiles, BothShellsDeclareThePortsOfTheTopModule) {
  int shells = 0;
  for (const auto& [name, text] : rtl_files()) {
    if (!name.ends_with("shell.v")) continue;
    ++shells;
    for (const TopPort& port : top_ports({})) {
      EXPECT_EQ(count_of(text, port_text(port) + ",\n"), port.bus.empty() ? 0U : 1U)
          << name << " " << port.name;
      const std::string connection = "." + port.name + "(" + port.name + ")";
      EXPECT_EQ(count_of(text, connection), port.bus == kRegisterBus ? 1U : 0U);
    }
  }
  EXPECT_EQ(shells, 2);
}

}  // namespace
}  // namespace deepaxe::hw::verilog
