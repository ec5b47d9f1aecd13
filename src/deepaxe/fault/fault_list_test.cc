#include "deepaxe/fault/fault_list.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

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
  params.circuits.assign(params.num_nets.size(), "bam(2,1)@0123abcd");
  return params;
}

TEST(FaultList, NamesEveryFaultOfEveryKindAndReadsItBack) {
  for (const model::Int8Model& model : testing::all_networks(3)) {
    const FaultSpace space(model, everything(model));
    std::string text = fault_columns(space) + "\n";
    std::vector<std::uint64_t> indices;
    for (std::uint64_t i = 0; i < space.size(); i += 1 + space.size() / 3000) {
      indices.push_back(i);
      text += fault_fields(space.at(i), space) + "\n";
    }
    EXPECT_EQ(find_faults(text, space, "f.csv"), indices);
  }
}

// The list of one engine read for another: the message, empty if it fits.
std::string refusal(const FaultSpaceParams& written, const FaultSpaceParams& read) {
  const model::Int8Model model = testing::chain_network(1);
  const FaultSpace from(model, written), to(model, read);
  const std::string text = fault_columns(from) + "\n" + fault_fields(from.at(0), from) + "\n" +
                           fault_fields(from.at(from.size() - 1), from) + "\n";
  try {
    find_faults(text, to, "f.csv");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "";
}

TEST(FaultList, OfUnitsAndNetsIsRefusedForAnotherEngineOrCircuitWithItsLine) {
  const model::Int8Model model = testing::chain_network(1);
  FaultSpaceParams units = everything(model);
  units.targets = {Target::kMacUnit};
  FaultSpaceParams nets = units, flipped_nets = units;
  nets.targets = flipped_nets.targets = {Target::kMultiplierNet};
  nets.effects = {Effect::kStuckAt0, Effect::kStuckAt1};
  flipped_nets.effects = {Effect::kFlip};
  for (const FaultSpaceParams& params : {units, nets, flipped_nets}) {
    EXPECT_EQ(refusal(params, params), "");
    FaultSpaceParams other = params;
    other.parallel_outputs = 1;
    // A flipped net is one product's: the same place whatever unit computes it.
    const bool counts_units = params.effects.size() > 1;
    EXPECT_EQ(refusal(params, other).find("line 2") != std::string::npos, counts_units);
    other = params;
    other.circuits.back() = "bam(1,1)@0123abcd";  // Of the last layer, hence the last line.
    const bool counts_nets = params.targets.front() == Target::kMultiplierNet;
    EXPECT_EQ(refusal(params, other).find("line 3") != std::string::npos, counts_nets);
  }
}

TEST(FaultList, OfUnitsMustSayOfHowMany) {
  const model::Int8Model model = testing::chain_network(1);
  FaultSpaceParams params;
  params.targets = {Target::kMacUnit};
  params.effects = {Effect::kStuckAt0};
  const FaultSpace space(model, params);
  const std::string text =
      "target,effect,layer,position,bit\nmac_unit,stuck_at_0," + space.tensors()[0].name + ",0,3\n";
  EXPECT_THROW(find_faults(text, space, "f.csv"), base::InputError);
}

TEST(FaultList, MayBeginWithAByteOrderMarkAndEndItsLinesWithReturns) {
  const FaultSpace space(testing::chain_network(1));
  const std::string line = fault_fields(space.at(9), space);
  const std::string text = "\xEF\xBB\xBF" + fault_columns(space) + "\r\n" + line + "\r\n";
  EXPECT_EQ(find_faults(text, space, "f.csv"), std::vector<std::uint64_t>{9});
}

TEST(FaultList, NamesTheSpaceItNeeds) {
  const model::Int8Model model = testing::chain_network(1);
  const FaultSpace all(model, everything(model));
  const std::string head = "target,effect,layer,position,bit,parallel,circuit\n";
  const std::string lines =
      fault_fields(all.at(0), all) + "\n" + fault_fields(all.at(all.size() - 1), all) + "\n";
  const FaultSpaceParams params = params_of_list(head + lines + lines, "f.csv", "image");
  EXPECT_EQ(params.targets, (std::vector{Target::kActivation, Target::kMultiplierNet}));
  EXPECT_EQ(params.effects, (std::vector{Effect::kFlip, Effect::kStuckAt1}));
  EXPECT_FALSE(params.include_input);
  EXPECT_TRUE(params_of_list(head + lines, "f.csv", all.tensors()[0].name).include_input);
}

TEST(FaultList, ReadsATableOfResultsAsAList) {
  const model::Int8Model model = testing::chain_network(1);
  const FaultSpace space(model);
  const FaultTensor& tensor = space.tensors().front();
  const std::string text = "rank,bit,layer,position,effect,target,pairs\r\n1,3," + tensor.name +
                           ",0:0:1,flip,activation,17\r\n\r\n";
  const auto faults = find_faults(text, space, "r.csv");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(space.at(faults[0]), (Fault{Target::kActivation, Effect::kFlip, tensor.node, 1, 3}));
}

std::string message_of(const std::string& lines) {
  const FaultSpace space(testing::chain_network(1));
  try {
    find_faults(fault_columns(space) + "\n" + lines, space, "f.csv");
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
  EXPECT_THROW(params_of_list("target,layer,bit\n", "f.csv", "image"), base::InputError);
}

}  // namespace
}  // namespace deepaxe::fault
