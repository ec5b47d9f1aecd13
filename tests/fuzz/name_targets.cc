// Texts of the command line: assignments and multipliers.
#include "deepaxe/arith/library.h"
#include "deepaxe/base/assertion.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_model_for_test.h"
#include "target.h"

namespace deepaxe::fuzz {
namespace {

void run_assignment(std::span<const std::byte> input) {
  static const model::Int8Model network = engine::random_lenet5();
  accepts([&] {
    const engine::Assignment parsed = engine::parse_assignment(as_text(input), network);
    const engine::Assignment again =
        engine::parse_assignment(engine::to_string(parsed, network), network);
    DEEPAXE_ASSERT(again.same_products(parsed));
  });
}

std::vector<Bytes> assignment_seeds() {
  return {to_bytes("exact"), to_bytes("1KVP"), to_bytes("1KVP@1-1-101"), to_bytes("trunc(2)@10111"),
          to_bytes("conv2d1=1KVP, dense6=bam(1,3), dense8 = mul8s_1KV9")};
}

void run_multiplier_name(std::span<const std::byte> input) {
  accepts([&] {
    const arith::MultiplierPtr found = arith::find_multiplier(as_text(input));
    DEEPAXE_ASSERT(arith::find_multiplier(found->name) == found);
  });
}

std::vector<Bytes> multiplier_name_seeds() {
  std::vector<Bytes> seeds;
  for (const arith::LibraryEntry& entry : arith::library()) {
    seeds.push_back(to_bytes(entry.name));
    seeds.push_back(to_bytes(entry.full_name));
  }
  for (const char* name :
       {"exact", "bam(1,3)", "trunc(2)", " BAM( 8 ,15 ) ", "mitchell", "rad(6)"}) {
    seeds.push_back(to_bytes(name));
  }
  return seeds;
}

}  // namespace

const Target kAssignment{"assignment", run_assignment, assignment_seeds};
const Target kMultiplierName{"multiplier_name", run_multiplier_name, multiplier_name_seeds};

}  // namespace deepaxe::fuzz
