#include "deepaxe/fault/fault_list.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

FaultSpaceParams everything(const model::Int8Model& model) {
  FaultSpaceParams params;
  params.targets = {Target::kActivation,  Target::kWeight,          Target::kBias,
                    Target::kAccumulator, Target::kRequantMantissa, Target::kRequantShift,
                    Target::kMacUnit,     Target::kMultiplierNet};
  params.effects = {Effect::kFlip, Effect::kFlipTwo, Effect::kStuckAt0, Effect::kStuckAt1};
  params.parallel_outputs = 2;
  params.num_nets.assign(model::computing_nodes(model).size(), 20);
  return params;
}

TEST(FaultList, NamesEveryFaultOfEveryKindAndReadsItBack) {
  for (const model::Int8Model& model : testing::all_networks(3)) {
    const FaultSpace space(model, everything(model));
    std::string text = std::string(fault_columns()) + "\n";
    std::vector<std::uint64_t> indices;
    for (std::uint64_t i = 0; i < space.size(); i += 1 + space.size() / 3000) {
      indices.push_back(i);
      text += fault_fields(space.at(i), space) + "\n";
    }
    EXPECT_EQ(find_faults(parse_fault_list(text, "f.csv"), space, "f.csv"), indices);
  }
}

TEST(FaultList, ReadsATableOfResultsAsAList) {
  const model::Int8Model model = testing::chain_network(1);
  const FaultSpace space(model);
  const FaultTensor& tensor = space.tensors().front();
  const std::string text = "rank,bit,layer,position,effect,target,pairs\r\n1,3," + tensor.name +
                           ",0:0:1,flip,activation,17\r\n\r\n";
  const auto faults = find_faults(parse_fault_list(text, "r.csv"), space, "r.csv");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(space.at(faults[0]), (Fault{Target::kActivation, Effect::kFlip, tensor.node, 1, 3}));
}

std::string message_of(const std::string& lines) {
  const FaultSpace space(testing::chain_network(1));
  try {
    find_faults(parse_fault_list(std::string(fault_columns()) + "\n" + lines, "f.csv"), space,
                "f.csv");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "";
}

TEST(FaultList, RefusesWhatIsMalformedOrOutOfRangeWithItsLine) {
  const std::string name = FaultSpace(testing::chain_network(1)).tensors().front().name;
  const std::string good = "activation,flip," + name + ",0:0:0,7\n";
  EXPECT_EQ(message_of(good), "");
  const std::string bad[] = {
      "activation,flip," + name + ",0:0:0,8\n",      // No such bit.
      "activation,flip," + name + ",0:0:999,7\n",    // No such element.
      "activation,flip," + name + ",0:0,7\n",        // Too few numbers,
      "activation,flip," + name + ",0:0:0:0,7\n",    // too many,
      "activation,flip," + name + ",0:-1:0,7\n",     // none.
      "activation,flip," + name + ",,7\n",           //
      "activation,flip,nowhere,0:0:0,7\n",           // No such layer.
      "weight,flip," + name + ",0:0:0:0,7\n",        // Not in this space.
      "mac_unit,flip," + name + ",0,7\n",            // Units are hit permanently.
      "activation,burn," + name + ",0:0:0,7\n",      //
      "register,flip," + name + ",0:0:0,7\n",        //
      "activation,flip," + name + ",0:0:0,seven\n",  //
      "activation,flip," + name + "\n",              //
      "activation,flip,\"" + name + ",0:0:0,7\n",    // A quote left open.
  };
  for (const std::string& line : bad) {
    const std::string message = message_of(good + line);
    EXPECT_NE(message.find("f.csv"), std::string::npos) << line;
    EXPECT_NE(message.find("line 3"), std::string::npos) << line << message;
  }
  EXPECT_NE(message_of("").find("no faults"), std::string::npos);
  EXPECT_THROW(parse_fault_list("target,layer,bit\n", "f.csv"), base::InputError);
}

}  // namespace
}  // namespace deepaxe::fault
