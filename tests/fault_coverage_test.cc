// Coverage of the intervals of fault campaigns: networks whose every (fault, image) outcome is
// known, campaigns drawn from these tables by the program's own plans. Prints one row for each
// cell; DEEPAXE_REPLICATES=N sets how many campaigns a cell has.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/preprocess.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/sampling_plan.h"
#include "deepaxe/fault/stratified_sequence.h"
#include "deepaxe/fault/test_network.h"
#include "deepaxe/frontend/keras/keras.h"

namespace deepaxe::fault {
namespace {

using model::Int8Model;

constexpr double kZ = 1.959964;

std::size_t num_replicates() {
  const char* text = std::getenv("DEEPAXE_REPLICATES");
  return text != nullptr ? static_cast<std::size_t>(std::max(1, std::atoi(text))) : 2'000;
}

struct Truth {
  std::string name;
  Int8Model model;
  std::size_t num_images = 0;
  std::vector<Outcome> outcomes;  // [image][fault]
  std::vector<int> margins;       // Of the exact design, [image].
  CampaignResult census;
};

// The census image by image, so that each fault's one outcome can be told.
Truth make_truth(const std::string& name, const Int8Model& model,
                 const engine::Assignment& assignment, const std::vector<std::int8_t>& images,
                 const std::vector<int>& labels) {
  const engine::Int8Engine engine(model);
  CampaignParams params;
  params.sampling = Sampling::kCensus;
  params.recheck_fraction = 1e-5;
  Truth truth{name, model, labels.size(), {}, golden_margins(engine, images, 1), {}};
  params.on_fault = [&truth](const FaultCounts& fault) {
    const auto& counts = fault.counts.counts;
    truth.outcomes.push_back(
        static_cast<Outcome>(std::find(counts.begin(), counts.end(), 1) - counts.begin()));
  };
  const std::size_t size = engine.node_size(0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const CampaignResult one =
        run_campaign(engine, assignment, std::span(images).subspan(i * size, size),
                     std::span(labels).subspan(i, 1), params);
    truth.census.total += one.total;
    truth.census.by_stratum.resize(one.by_stratum.size());
    for (std::size_t h = 0; h < one.by_stratum.size(); ++h) {
      truth.census.by_stratum[h] += one.by_stratum[h];
    }
  }
  truth.census.sdc_rate = sdc_rate(truth.census.total);
  truth.census.vulnerability = vulnerability(truth.census.total);
  return truth;
}

// Classes of the exact network without faults, every tenth one taken for wrong.
std::vector<int> golden_labels(const Int8Model& model, const std::vector<std::int8_t>& images) {
  const engine::Int8Engine engine(model);
  std::vector<int> labels =
      engine::evaluate(engine, engine::exact_assignment(model), images, {}, 1).predictions;
  for (std::size_t i = 9; i < labels.size(); i += 10) {
    labels[i] = (labels[i] + 1) % engine.num_classes();
  }
  return labels;
}

Int8Model mlp_network() {
  testing::NetworkBuilder b({8, 8, 1}, 3);
  int x = b.dense(b.flatten(0), 64, true);
  x = b.dense(x, 48, true);
  return b.finish(b.dense(x, 10, false));
}

Int8Model residual_network() {
  testing::NetworkBuilder b({6, 6, 3}, 7);
  const int a = b.convolution(0, 8, b.same(0, 3));
  const int c = b.convolution(a, 8, b.same(a, 3));
  const int sum = b.plain(model::Arithmetic{}, {a, c});
  const int d = b.convolution(sum, 8, b.same(sum, 3, 2));
  return b.finish(b.dense(b.flatten(d), 10, false));
}

struct Work {
  Int8Model model;
  std::vector<std::int8_t> images;
  std::vector<int> labels;
};

Work digits_lenet5(std::size_t num_images) {
  const auto network = frontend::keras::load_keras(std::filesystem::path(DEEPAXE_SOURCE_DIR) /
                                                   "data/lenet5-digits.keras");
  const auto data = dataset::load("digits", {.with_train = true, .digits_train_images = 500});
  const auto unit = dataset::parse_preprocessing("unit");
  Work work;
  work.model = calibrate::quantize(network, dataset::preprocess(data.train, 0, 500, unit));
  for (const float real : dataset::preprocess(data.test, 0, num_images, unit)) {
    work.images.push_back(quant::quantize(real, work.model.nodes.front().quant));
  }
  work.labels.assign(data.test.labels.begin(),
                     data.test.labels.begin() + static_cast<std::ptrdiff_t>(num_images));
  return work;
}

Work random_work(Int8Model model, std::size_t num_images) {
  Work work;
  work.images = testing::random_images(model, num_images, 4);
  work.labels = golden_labels(model, work.images);
  work.model = std::move(model);
  return work;
}

// Answers from the table instead of simulating.
class TableExecutor final : public PairExecutor {
 public:
  TableExecutor(const Truth& truth, const FaultSpace& space) : truth_(truth), space_(space) {
    tallies_.resize(1);
  }
  void run(const Workload& workload) override {
    Tally& tally = tallies_.front();
    tally.by_stratum.resize(space_.num_rows() * workload.num_image_classes);
    for (std::size_t position = 0; position < workload.num_positions; ++position) {
      const std::size_t image = workload.image(position);
      for (std::uint64_t k = 0; k < workload.num_draws(position); ++k) {
        const Draw draw = workload.draw(position, k);
        const Outcome outcome = truth_.outcomes[image * space_.size() + draw.fault];
        const auto row = static_cast<std::size_t>(space_.tensor_of(draw.fault)) * 8 +
                         static_cast<std::size_t>(space_.at(draw.fault).bit);
        ++tally.by_stratum[row * workload.num_image_classes + draw.image_class][outcome];
        if (is_sdc(outcome)) tally.changes.push_back({draw.pair, outcome});
      }
    }
  }
  const std::vector<Tally>& tallies() const noexcept override { return tallies_; }

 private:
  const Truth& truth_;
  const FaultSpace& space_;
  std::vector<Tally> tallies_;
};

PlanInput table_input(const Truth& truth, const FaultSpace& space, const CampaignParams& params) {
  return {truth.model,
          space,
          truth.num_images,
          params,
          truth.margins,
          [&](const CampaignParams&, FaultTable*) {
            return std::make_unique<TableExecutor>(truth, space);
          }};
}

CampaignResult draw_campaign(const Truth& truth, const FaultSpace& space,
                             const CampaignParams& params) {
  return run_plan(table_input(truth, space, params));
}

// Of one quantity in one cell.
struct Cell {
  std::size_t covered = 0, total = 0;
  std::vector<double> widths, squared_errors;

  void add(double truth, double value, const Interval& interval) {
    covered += interval.contains(truth);
    ++total;
    widths.push_back(interval.high - interval.low);
    squared_errors.push_back((value - truth) * (value - truth));
  }
  double coverage() const { return static_cast<double>(covered) / static_cast<double>(total); }
  double median_width() {
    std::nth_element(widths.begin(), widths.begin() + static_cast<std::ptrdiff_t>(total / 2),
                     widths.end());
    return widths[total / 2];
  }
  double known_width() const {
    double sum = 0;
    for (const double error : squared_errors) sum += error;
    return 2 * kZ * std::sqrt(sum / static_cast<double>(total));
  }
};

engine::Assignment everywhere(const Int8Model& model, const char* multiplier) {
  engine::Assignment assignment = engine::exact_assignment(model);
  for (auto& m : assignment.multipliers) m = arith::find_multiplier(multiplier);
  return assignment;
}

std::vector<std::pair<std::string, Work>> works() {
  std::vector<std::pair<std::string, Work>> all;
  all.emplace_back("LeNet-5, digits", digits_lenet5(50));
  all.emplace_back("MLP", random_work(mlp_network(), 60));
  all.emplace_back("residual", random_work(residual_network(), 60));
  return all;
}

// Computed once for all tests.
const std::vector<Truth>& truths(const std::string& multiplier) {
  static std::map<std::string, std::vector<Truth>> known;
  std::vector<Truth>& all = known[multiplier];
  if (all.empty()) {
    for (const auto& [name, work] : works()) {
      all.push_back(make_truth(name, work.model, everywhere(work.model, multiplier.c_str()),
                               work.images, work.labels));
    }
  }
  return all;
}

void print_row(const std::string& network, const std::string& what, Cell& cell) {
  fmt::print("{:<16} {:<38} coverage {:.4f}  width {:.3e}  / known {:.2f}\n", network, what,
             cell.coverage(), cell.median_width(), cell.median_width() / cell.known_width());
}

CampaignParams without_targets(Sampling sampling, std::uint64_t pairs) {
  CampaignParams params;
  params.sampling = sampling;
  params.max_pairs = pairs;
  params.target_sdc_relative = params.target_vulnerability = 0;
  return params;
}

// Of SDC rate and vulnerability.
struct Cells {
  Cell sdc, drop;

  void add(const Truth& truth, const CampaignResult& result) {
    sdc.add(truth.census.sdc_rate, result.sdc_rate, result.sdc_interval);
    drop.add(truth.census.vulnerability, result.vulnerability, result.vulnerability_interval);
  }
};

Cells run_cells(const Truth& truth, CampaignParams params, std::size_t replicates) {
  const FaultSpace space(truth.model);
  Cells cells;
  for (params.seed = 1; params.seed <= replicates; ++params.seed) {
    cells.add(truth, draw_campaign(truth, space, params));
  }
  return cells;
}

TEST(Coverage, OfTheDefaultPlanIsWhatItSays) {
  std::size_t covered = 0, total = 0;
  for (const Truth& truth : truths("exact")) {
    for (const std::uint64_t pairs : {200U, 1'000U, 10'000U}) {
      const Sampling sampling =
          automatic_sampling(FaultSpace(truth.model), truth.num_images, pairs);
      Cells cells = run_cells(truth, without_targets(sampling, pairs), num_replicates());
      for (Cell* cell : {&cells.sdc, &cells.drop}) {
        print_row(
            truth.name,
            fmt::format("{} pairs, {}", pairs, cell == &cells.sdc ? "SDC rate" : "vulnerability"),
            *cell);
        EXPECT_GE(cell->coverage(), 0.935);
        if (pairs == 10'000) {
          EXPECT_LE(cell->median_width(), 1.5 * cell->known_width());
        }
        covered += cell->covered;
        total += cell->total;
      }
    }
  }
  const double pooled = static_cast<double>(covered) / static_cast<double>(total);
  fmt::print("pooled coverage {:.4f} of {} intervals\n", pooled, total);
  EXPECT_GE(pooled, 0.945);
}

// Enough images and pairs for every class; the smallest has a single image.
TEST(Coverage, OfAllClassesOfImagesIsWhatItSays) {
  constexpr std::size_t kImages = 300;
  constexpr std::uint64_t kPairs = 30'000;
  const std::size_t replicates = std::max<std::size_t>(num_replicates() / 4, 50);
  for (const auto& [name, model] :
       {std::pair{"MLP", mlp_network()}, std::pair{"residual", residual_network()}}) {
    const Work work = random_work(model, kImages);
    const Truth truth = make_truth(fmt::format("{}, {} images", name, kImages), work.model,
                                   everywhere(work.model, "1KVP"), work.images, work.labels);
    const CampaignParams params = without_targets(Sampling::kStratified, kPairs);
    ASSERT_EQ(num_image_classes(FaultSpace(truth.model), kImages, params), 5U);
    Cells cells = run_cells(truth, params, replicates);
    print_row(truth.name, fmt::format("{} pairs, SDC rate", kPairs), cells.sdc);
    print_row(truth.name, fmt::format("{} pairs, vulnerability", kPairs), cells.drop);
    EXPECT_GE(cells.sdc.coverage(), 0.935);
    EXPECT_GE(cells.drop.coverage(), 0.935);
  }
}

// Of the choice of automatic_sampling. Where strata gain nothing, the pilot's sixteenth of the
// pairs is lost, 3 % of the width; the rest is the noise of medians.
TEST(Coverage, StrataCostNoMoreThanTheirPilotWhereTheyAreTheDefault) {
  const std::size_t replicates = std::max<std::size_t>(num_replicates() / 20, 50);
  for (const Truth& truth : truths("exact")) {
    for (const std::uint64_t pairs : {5'000U, 20'000U, 50'000U}) {
      Cells strata = run_cells(truth, without_targets(Sampling::kStratified, pairs), replicates);
      Cells uniform = run_cells(truth, without_targets(Sampling::kUniformPairs, pairs), replicates);
      const double sdc = strata.sdc.median_width() / uniform.sdc.median_width();
      const double drop = strata.drop.median_width() / uniform.drop.median_width();
      fmt::print(
          "{:<16} {:>6} pairs: width of strata / uniform: SDC rate {:.2f}, vulnerability "
          "{:.2f}; design effect {:.2f}, {:.2f}\n",
          truth.name, pairs, sdc, drop,
          std::pow(strata.sdc.known_width() / uniform.sdc.known_width(), 2),
          std::pow(strata.drop.known_width() / uniform.drop.known_width(), 2));
      EXPECT_LE(sdc, 1.05);
      EXPECT_LE(drop, 1.05);
    }
  }
}

TEST(Coverage, OfPairedDifferencesOfTwoDesignsIsWhatItSays) {
  const std::size_t replicates = std::max<std::size_t>(num_replicates() / 4, 50);
  for (std::size_t n = 0; n < truths("exact").size(); ++n) {
    const Truth& exact = truths("exact")[n];
    const Truth& approximate = truths("1KVP")[n];
    const FaultSpace space(exact.model);
    for (const std::uint64_t pairs : {10'000U, 30'000U}) {
      CampaignParams params = without_targets(Sampling::kStratified, pairs);
      Cells cells;
      for (params.seed = 1; params.seed <= replicates; ++params.seed) {
        params.max_pairs = pairs;
        params.allocation =
            std::make_shared<const Allocation>(run_pilot(table_input(exact, space, params)));
        const std::vector<Stratum> strata = strata_of(space, params.allocation->images.first);
        const CampaignResult a = draw_campaign(approximate, space, params);
        params.max_pairs = pairs * 3 / 2;  // The other went further.
        const CampaignResult b = draw_campaign(exact, space, params);
        std::vector<CommonStratum> common;
        for (std::size_t h = 0; h < strata.size(); ++h) {
          common.push_back({strata[h].weight, static_cast<double>(strata[h].num_pairs()),
                            static_cast<std::uint64_t>(a.by_stratum[h].pairs()),
                            static_cast<std::uint64_t>(b.by_stratum[h].pairs())});
        }
        const PairedDifference d = paired_difference(a.changes, b.changes, common);
        cells.sdc.add(approximate.census.sdc_rate - exact.census.sdc_rate, d.sdc_rate,
                      d.sdc_interval);
        cells.drop.add(approximate.census.vulnerability - exact.census.vulnerability,
                       d.vulnerability, d.vulnerability_interval);
      }
      for (Cell* cell : {&cells.sdc, &cells.drop}) {
        print_row(exact.name,
                  fmt::format("{} pairs, 1KVP - exact, {}", pairs,
                              cell == &cells.sdc ? "SDC rate" : "vulnerability"),
                  *cell);
        EXPECT_GE(cell->coverage(), 0.935);
      }
    }
  }
}

// Ends where the interval is narrow enough: the number of pairs depends on what is seen.
TEST(Coverage, HoldsWhereARuleEndsTheSampling) {
  const std::size_t replicates = std::max<std::size_t>(num_replicates() / 2, 50);
  for (const Truth& truth : truths("exact")) {
    const double rate = truth.census.sdc_rate;
    CampaignParams relative = without_targets(Sampling::kStratified, 40'000);
    relative.target_sdc_relative = rate < 0.01 ? 0.4 : 0.1;
    CampaignParams margin = relative;
    margin.margin = rate < 0.01 ? 0.001 : 0.01;
    for (const CampaignParams* params : {&relative, &margin}) {
      Cells cells = run_cells(truth, *params, replicates);
      for (Cell* cell : {&cells.sdc, &cells.drop}) {
        print_row(truth.name,
                  fmt::format("{}, {}",
                              params == &margin ? fmt::format("margin {:g} pp", 100 * margin.margin)
                                                : fmt::format("+-{:g} % of itself",
                                                              100 * relative.target_sdc_relative),
                              cell == &cells.sdc ? "SDC rate" : "vulnerability"),
                  *cell);
        EXPECT_GE(cell->coverage(), params == &margin ? 0.95 : 0.935);
      }
    }
  }
}

}  // namespace
}  // namespace deepaxe::fault
