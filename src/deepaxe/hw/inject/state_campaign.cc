#include "deepaxe/hw/inject/state_campaign.h"

#include <algorithm>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/philox.h"

namespace deepaxe::hw::inject {
namespace {

constexpr std::uint64_t kBitStream = 0x737461746501;  // Lane 0: the bit, 1: the cycle.
constexpr std::uint64_t kImageStream = 0x737461746502;

// The places that can be hit, and the bits before each.
class BitSpace {
 public:
  BitSpace(const std::vector<Place>& places, std::span<const verilog::StateGroup> groups) {
    for (const Place& place : places) {
      if (std::ranges::find(groups, place.group) == groups.end()) continue;
      places_.push_back(&place);
      first_bits_.push_back(size_);
      size_ += place.bits();
    }
  }

  std::int64_t size() const noexcept { return size_; }
  StateFault at(std::int64_t bit) const {
    const auto next = std::ranges::upper_bound(first_bits_, bit);
    const auto position = static_cast<std::size_t>(next - first_bits_.begin()) - 1;
    const Place& place = *places_[position];
    const std::int64_t inside = bit - first_bits_[position];
    return {.cycle = 0,
            .place = place.number,
            .word = inside / place.word_bits,
            .bit = static_cast<int>(inside % place.word_bits)};
  }

 private:
  std::vector<const Place*> places_;
  std::vector<std::int64_t> first_bits_;
  std::int64_t size_ = 0;
};

StateRecord draw(const BitSpace& space, std::int64_t cycles, const StateCampaignParams& params,
                 std::int64_t index) {
  const auto i = static_cast<std::uint64_t>(index);
  const base::CounterRng bits(params.seed, kBitStream);
  StateRecord record;
  record.fault =
      space.at(static_cast<std::int64_t>(bits.below(static_cast<std::uint64_t>(space.size()), i)));
  record.fault.cycle =
      static_cast<std::int64_t>(bits.below(static_cast<std::uint64_t>(cycles), i, 1));
  record.image = static_cast<int>(base::CounterRng(params.seed, kImageStream)
                                      .below(static_cast<std::uint64_t>(params.num_images), i));
  return record;
}

int class_of(const auto& logits) {  // The first maximum.
  return static_cast<int>(std::ranges::max_element(logits) - logits.begin());
}

void count(StateCounts& counts, const StateRecord& record) {
  ++counts.outcomes[record.outcome];
  counts.lasting += record.lasts ? 1 : 0;
  counts.sdc_with_wrong_cycles += fault::is_sdc(record.outcome) && record.wrong_cycles ? 1 : 0;
}

}  // namespace

StateCounts& StateCounts::operator+=(const StateCounts& other) noexcept {
  outcomes += other.outcomes;
  lasting += other.lasting;
  sdc_with_wrong_cycles += other.sdc_with_wrong_cycles;
  return *this;
}

fault::Outcome outcome_of(const FaultRun& run, std::span<const std::int8_t> golden_logits,
                          int label) {
  if (run.hangs) return fault::Outcome::kHang;
  if (run.wrong_frame) return fault::Outcome::kDetected;
  if (std::ranges::equal(run.logits, golden_logits)) return fault::Outcome::kMasked;
  return fault::classify_change(class_of(golden_logits), class_of(run.logits), label);
}

StateCampaignResult run_state_campaign(const FaultBench& bench,
                                       std::span<const std::int8_t> golden_logits,
                                       std::span<const int> labels,
                                       const StateCampaignParams& params) {
  const BitSpace space(bench.places(), params.groups);
  if (space.size() == 0) {
    throw base::InputError({"--target", "", "no state of that kind", "one that the design has"});
  }
  StateCampaignResult result;
  result.bits = space.size();
  for (std::int64_t i = 0; i < params.num_faults; ++i) {
    result.records.push_back(draw(space, bench.total_cycles(), params, i));
  }
  const std::size_t classes = golden_logits.size() / static_cast<std::size_t>(params.num_images);
  for (int image = 0; image < params.num_images; ++image) {
    base::check_interrupt();
    std::vector<StateRecord*> records;
    std::vector<StateFault> faults;
    for (StateRecord& record : result.records) {
      if (record.image != image) continue;
      records.push_back(&record);
      faults.push_back(record.fault);
    }
    const auto golden = golden_logits.subspan(static_cast<std::size_t>(image) * classes, classes);
    const std::vector<FaultRun> runs = bench.run(image, faults, params.jobs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      records[i]->outcome = outcome_of(runs[i], golden, labels[static_cast<std::size_t>(image)]);
      records[i]->lasts = runs[i].lasts;
      records[i]->wrong_cycles = !runs[i].hangs && runs[i].cycles != bench.total_cycles();
    }
    if (params.progress && !runs.empty()) {
      params.progress(static_cast<std::int64_t>(runs.size()));
    }
  }
  for (const StateRecord& record : result.records) {
    const Place& place = bench.places()[static_cast<std::size_t>(record.fault.place)];
    count(result.by_group[static_cast<std::size_t>(place.group)], record);
  }
  for (const StateCounts& counts : result.by_group) result.total += counts;
  return result;
}

}  // namespace deepaxe::hw::inject
