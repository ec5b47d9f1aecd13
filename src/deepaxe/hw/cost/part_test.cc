#include "deepaxe/hw/cost/part.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::cost {
namespace {

// A slice of a 7-series device has four LUTs and eight flip-flops (UG474).
TEST(Part, HasTwoFlipFlopsForEachLutAndANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const Part& part : parts()) {
    EXPECT_EQ(part.ffs, 2 * part.luts) << part.name;
    EXPECT_GT(part.dsps, 0) << part.name;
    EXPECT_GT(part.bram_36kb, 0) << part.name;
    EXPECT_FALSE(part.source.empty()) << part.name;
    EXPECT_TRUE(names.insert(part.name).second) << part.name;
    EXPECT_EQ(find_part(part.name), part);
  }
}

// "Available" in public reports of Vivado: all of xc7a35t and xc7a100t, LUT and FF of xc7s50.
TEST(Part, HasWhatReportsOfVivadoSayIsAvailable) {
  EXPECT_EQ(find_part("xc7a35t"), (Part{"xc7a35t", "DS180", 20'800, 41'600, 90, 50}));
  EXPECT_EQ(find_part("xc7a100t"), (Part{"xc7a100t", "DS180", 63'400, 126'800, 240, 135}));
  EXPECT_EQ(find_part("xc7s50").luts, 32'600);
  EXPECT_EQ(find_part("xc7s50").ffs, 65'200);
}

TEST(Part, IsFoundInAnyCaseAndAnUnknownOneIsAnsweredWithAll) {
  EXPECT_EQ(find_part("XC7S100"), kXc7s100);
  try {
    find_part("xc7s99");
    FAIL() << "found";
  } catch (const base::InputError& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find('\n'), std::string::npos);
    for (const Part& part : parts()) {
      EXPECT_NE(text.find(part.name), std::string::npos) << part.name;
    }
  }
}

TEST(Part, OfADeviceIsTheLongestThatItsNameBeginsWith) {
  for (const Part& part : parts()) {
    const std::string name(part.name);
    for (const std::string& device :
         {name, name + "clg484-1", name + "-csg324-2L", name.substr(2) + "ftgb196"}) {
      ASSERT_NE(find_part_of_device(device), nullptr) << device;
      EXPECT_EQ(*find_part_of_device(device), part) << device;
    }
  }
  EXPECT_EQ(find_part_of_device("XC7Z020-CLG484")->name, "xc7z020");
  for (const char* device : {"", "xc", "xc7s500", "xcu55c-fsvh2892-2L-e", "xa7a35t", "7z02"}) {
    EXPECT_EQ(find_part_of_device(device), nullptr) << device;
  }
}

TEST(Part, UtilizationIsAOneWhereAllIsUsed) {
  EXPECT_DOUBLE_EQ(utilization_fraction({.luts = 64'000, .ffs = 128'000}, kXc7s100), 1);
  EXPECT_DOUBLE_EQ(utilization_fraction({.luts = 1'920}, kXc7s100), 0.01);
}

TEST(Part, HoldsWhatItsLimitsSayAndNamesEachOneExceeded) {
  const Part& part = find_part("xc7s6");
  Resources full{.luts = 3'750, .ffs = 7'500, .dsps = 10, .bram_36kb = 5};
  EXPECT_TRUE(find_shortages(full, part).empty());
  full.luts += 0.25;
  full.bram_36kb += 0.5;
  const std::vector<Shortage> shortages = find_shortages(full, part);
  ASSERT_EQ(shortages.size(), 2U);
  EXPECT_EQ(shortages[0], (Shortage{"lut", 3'750.25, 3'750}));
  EXPECT_EQ(shortages[1], (Shortage{"bram", 5.5, 5}));
  EXPECT_EQ(to_string(shortages), "3750.5 LUT needed, 3750 there; 5.5 BRAM needed, 5 there");
}

}  // namespace
}  // namespace deepaxe::hw::cost
