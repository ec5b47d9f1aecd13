#include "deepaxe/frontend/circuit/cgp.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr ReadParams kUnsigned{.signedness = Signedness::kUnsigned, .order = OperandOrder::kAb};

// Every function of bit 0 of a (net 2) and bit 0 of b (net 10), numbers with constants.
const std::string kFunctions =
    "{16,16,1,8,2,1,0}([18]2,10,0)([19]2,10,1)([20]2,10,2)([21]2,10,3)\n([22]2,10,4)([23]2,10,5)"
    "([24]2,10,6)([25]2,10,7)(18,19,20,21,22,23,24,25,0,1,0,0,0,0,0,0)\n";

TEST(Cgp, EveryFunctionHasItsNumber) {
  const Circuit circuit = parse_text_file(kFunctions, "x.cgp", kUnsigned);
  for (int a = 0; a < 2; ++a) {
    for (int b = 0; b < 2; ++b) {
      const int expected = a | (1 ^ a) << 1 | (a & b) << 2 | (a | b) << 3 | (a ^ b) << 4 |
                           (1 ^ (a & b)) << 5 | (1 ^ (a | b)) << 6 | (1 ^ a ^ b) << 7 | 1 << 9;
      EXPECT_EQ(product_of(circuit, a, b), expected) << a << b;
    }
  }
}

TEST(Cgp, InputsMayBeginAt0) {
  const Circuit circuit = parse_text_file(
      "{16,16,1,1,2,1,1}([16]0,8,2)(16,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15)", "x.cgp", kUnsigned);
  EXPECT_EQ(product_of(circuit, 1, 1), 1 | 1 << 8);
  EXPECT_EQ(product_of(circuit, 6, 128), 6 | 128 << 8);
}

TEST(Cgp, SignedOrUnsignedIsAskedForOrInTheNameOfTheFile) {
  EXPECT_TRUE(has(refusal_of(kFunctions, "x.cgp"), "--signed or --unsigned"));
  EXPECT_EQ(parse_text_file(kFunctions, "dir/mul8s_x.cgp").table.signedness, Signedness::kSigned);
}

TEST(Cgp, WrongChromosomesAreRefusedByCharacter) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"{8,16,1,1,2,1,0}", "character 2: found '8', expected {16,16,columns,rows,2,1,levels}"},
      {"{16,16,1,1,3,1,0}", "character 12"},
      {"{16,16,1,1,2,1,0}(1,2)", "expected a node '([' first"},
      {"{16,16,1,1,2,1,0}([17]0,1,2)", "16 or 18, the number of the first node"},
      {"{16,16,1,1,2,1,0}([16]16,1,2)", "an input or an earlier node, below 16"},
      {"{16,16,1,1,2,1,0}([16]0,1,8)", "a function from 0 to 7"},
      {"{16,16,1,1,2,1,0}([16]0,1,2)([18]0,1,2)", "expected node 17"},
      {"{16,16,1,1,2,1,0}([16]0,1,2)(0,1)", "found ')', expected ','"},
      {"{16,16,1,1,2,1,0}([16]0,1,2)", "the end of the file"},
      {"{16,16,1,1,2,1,0}([16]0,99999999999,2)", "the number of an input or node"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_TRUE(has(refusal_of(text, "x.cgp", kUnsigned), message))
        << refusal_of(text, "x.cgp", kUnsigned);
  }
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
