#include "deepaxe/arith/recognition.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"

namespace deepaxe::arith {
namespace {

TEST(Recognition, EveryLibraryCircuitIsFoundByItsProducts) {
  for (const LibraryEntry& entry : library()) {
    EXPECT_EQ(recognize(find_multiplier(entry.name)->multiplier.identity()), entry.family)
        << entry.name;
  }
}

TEST(Recognition, AnyParametersAreFoundUpToEqualProducts) {
  for (const char* name : {"bam(1,4)", "bam(4,6)", "trunc(5)", "bam(8,3)"}) {
    const std::string& identity = find_multiplier(name)->multiplier.identity();
    const std::optional<Family> found = recognize(identity);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(Multiplier(tabulate(make_netlist(*found))).identity(), identity) << name;
  }
}

TEST(Recognition, OneOtherProductIsAnotherCircuit) {
  const Multiplier& exact = exact_multiplier()->multiplier;
  std::vector<std::int16_t> products(exact.products().begin(), exact.products().end());
  products[1] += 1;
  EXPECT_EQ(recognize(Multiplier(products).identity()), std::nullopt);
}

TEST(Recognition, DescribesByLibraryNameWhereThereIsOne) {
  for (const std::string text : {"1KVP = bam(1,3)", "bam(4,6)"}) {
    const std::optional<Family> family = parse_family(text.substr(text.find("bam")));
    ASSERT_TRUE(family) << text;
    EXPECT_EQ(describe(*family), text);
  }
}

}  // namespace
}  // namespace deepaxe::arith
