#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include "deepaxe/fault/image_classes.h"
#include "deepaxe/fault/sampling_plan.h"
#include "deepaxe/fault/stopping.h"
#include "deepaxe/fault/strata_samples.h"
#include "deepaxe/fault/stratified_round.h"
#include "deepaxe/fault/stratified_sequence.h"

namespace deepaxe::fault {

CampaignResult run_stratified(const PlanInput& input) {
  const CampaignParams& params = input.params;
  const std::shared_ptr<const Allocation> allocation =
      params.allocation ? params.allocation : std::make_shared<const Allocation>(run_pilot(input));
  const ImageClasses& images = allocation->images;
  const StratifiedSequence sequence(strata_of(input.space, images.first), params.seed);
  const std::size_t num_strata = sequence.strata().size();
  if (allocation->shares.size() != num_strata || images.num_images() != input.num_images) {
    throw std::invalid_argument("fault campaign: an allocation of other strata or images");
  }
  if (params.on_fault && images.num_classes() > 1) {
    throw std::invalid_argument("fault campaign: counts of faults of unevenly met images");
  }
  const std::uint64_t pilot = pilot_pairs(params, num_strata);
  const std::uint64_t budget = params.max_pairs - pilot;
  if (budget < num_strata) {
    throw std::invalid_argument("fault campaign: max_pairs is below one pair of each stratum");
  }
  const std::unique_ptr<FaultTable> table = table_if_asked(input);
  const std::unique_ptr<PairExecutor> executor = input.make_executor(params, table.get());
  CampaignResult result;
  std::vector<std::uint64_t> done(num_strata);
  sample_in_rounds(
      params, {images.num_images(), allocation->first_pairs, budget},
      [&](std::uint64_t pairs, double confidence) {
        std::vector<std::uint64_t> next = sequence.counts_within(allocation->shares, pairs);
        run_round(sequence, images, done, next, *executor);
        done = std::move(next);
        collect_counts(input, *executor, images.first, result);
        fill_estimates(sequence.strata(), confidence, result);
      },
      [&](std::uint64_t pairs) {
        return expected(sequence.strata(), result.by_stratum,
                        sequence.counts_within(allocation->shares, pairs));
      },
      result);
  result.num_faults = std::accumulate(done.begin(), done.end(), std::uint64_t{0});
  result.pilot_pairs = pilot;
  result.images = static_cast<std::int64_t>(images.num_images());
  result.method = fmt::format(
      "strata (layer, bit{}) sampled without repetition, images of a stratum balanced, "
      "shares by a pilot that is not counted; SDC rate: Clopper-Pearson, vulnerability: "
      "Tango's score interval, of effective counts; {}",
      images.num_classes() == 1
          ? ""
          : fmt::format(", one of {} classes of images by golden margin", images.num_classes()),
      confidence_note(params));
  report_faults(input, table.get());
  return result;
}

}  // namespace deepaxe::fault
