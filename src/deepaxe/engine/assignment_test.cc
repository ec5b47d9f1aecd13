#include "deepaxe/engine/assignment.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/engine/int8_model_for_test.h"

namespace deepaxe::engine {
namespace {

// Nodes: conv2d1, max_pool2, conv2d3, max_pool4, reshape5, dense6, dense7, dense8.
const model::Int8Model& lenet5() {
  static const model::Int8Model model = random_lenet5();
  return model;
}

std::vector<std::string> names_of(const Assignment& assignment) {
  std::vector<std::string> names;
  names.reserve(assignment.multipliers.size());
  for (const auto& multiplier : assignment.multipliers) names.push_back(multiplier->name);
  return names;
}

// What the refusal of this text says, found and expected.
base::InputErrorParts refusal(const std::string& text) {
  try {
    parse_assignment(text, lenet5());
  } catch (const base::InputError& error) {
    return error.parts();
  }
  ADD_FAILURE() << "accepted " << text;
  return {};
}

TEST(ParseAssignment, ReadsEveryNotation) {
  using Names = std::vector<std::string>;
  EXPECT_TRUE(parse_assignment("exact", lenet5()).is_exact());
  EXPECT_EQ(names_of(parse_assignment("1KVP", lenet5())), Names(5, "1KVP"));
  EXPECT_EQ(names_of(parse_assignment("1KVP@1-0-101", lenet5())),
            (Names{"1KVP", "exact", "1KVP", "exact", "1KVP"}));
  EXPECT_EQ(names_of(parse_assignment("1KVP@10101", lenet5())),
            (Names{"1KVP", "exact", "1KVP", "exact", "1KVP"}));
  EXPECT_EQ(names_of(parse_assignment("conv2d1=1KVP, dense7=bam(1,3)", lenet5())),
            (Names{"1KVP", "exact", "exact", "bam(1,3)", "exact"}));
}

TEST(ParseAssignment, PrintedOnesReadBackTheSame) {
  for (const char* text : {"exact", "1KVP@1-1-111", "1KV9@0-1-001", "conv2d1=1KVP,dense8=1KV9",
                           "conv2d3=bam(1,2),dense6=trunc(1)"}) {
    const Assignment assignment = parse_assignment(text, lenet5());
    EXPECT_EQ(to_string(assignment, lenet5()), text);
    EXPECT_TRUE(
        parse_assignment(to_string(assignment, lenet5()), lenet5()).same_products(assignment));
  }
}

TEST(ParseAssignment, AMultiplierWithExactProductsIsExact) {
  const Assignment assignment = parse_assignment("1KV6", lenet5());
  EXPECT_TRUE(assignment.is_exact());
  EXPECT_TRUE(assignment.same_products(exact_assignment(lenet5())));
  EXPECT_EQ(to_string(assignment, lenet5()), "exact");
}

TEST(ParseAssignment, TheMaskHasOneCharacterForEachStoredTensor) {
  EXPECT_EQ(mask_of(parse_assignment("1KVP", lenet5()), lenet5()), "1-1-111");
  EXPECT_EQ(mask_of(parse_assignment("dense8=1KVP", lenet5()), lenet5()), "0-0-001");
}

TEST(ParseAssignment, RefusesAMaskOfTheWrongLengthNamingAllLengths) {
  const base::InputErrorParts parts = refusal("1KVP@1-1-11");
  EXPECT_EQ(parts.found, "6 characters");
  EXPECT_EQ(parts.expected,
            "7, one for each layer that stores a tensor, or 5, one for each that multiplies");
}

TEST(ParseAssignment, RefusesACharacterThatDoesNotFitItsLayer) {
  const base::InputErrorParts pool = refusal("1KVP@111-111");
  EXPECT_EQ(pool.place, "character 2 (layer max_pool2, max_pool)");
  EXPECT_EQ(pool.found, "'1'");
  EXPECT_EQ(pool.expected, "-");
  EXPECT_EQ(refusal("1KVP@1-x-111").expected, "0 or 1");
  EXPECT_EQ(refusal("1KVP@1-1-11-").expected, "0 or 1");
}

TEST(ParseAssignment, OffersTheNearestLayer) {
  const base::InputErrorParts unknown = refusal("conv2d2=1KVP");
  EXPECT_EQ(unknown.found, "unknown layer 'conv2d2'");
  EXPECT_EQ(unknown.expected.substr(0, 16), "nearest: conv2d1");
  EXPECT_NE(refusal("max_pool2=1KVP").found.find("does not multiply"), std::string::npos);
}

TEST(ParseAssignment, RefusesWhatIsNoAssignment) {
  EXPECT_EQ(refusal("conv2d1=1KVP,dense6").found, "'dense6'");
  EXPECT_EQ(refusal("conv2d1=1KVP,conv2d1=1KV9").found, "layer conv2d1 twice");
  EXPECT_THROW(parse_assignment("", lenet5()), base::InputError);
  EXPECT_THROW(parse_assignment("1KVZZ", lenet5()), base::InputError);
  EXPECT_THROW(parse_assignment("1KVZZ@1-1-111", lenet5()), base::InputError);
}

TEST(Assignment, ComparesProductsAndNotNames) {
  const Assignment by_name = parse_assignment("1KVP@1-0-000", lenet5());
  const Assignment by_family = parse_assignment("conv2d1=bam(1,3)", lenet5());
  EXPECT_TRUE(by_name.same_products(by_family));
  EXPECT_FALSE(by_name.same_products(exact_assignment(lenet5())));
}

}  // namespace
}  // namespace deepaxe::engine
