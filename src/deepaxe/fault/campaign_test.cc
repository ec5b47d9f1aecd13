#include "deepaxe/fault/campaign.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/fault/brute_force_for_test.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/row_rate.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

struct Experiment {
  explicit Experiment(const model::Int8Model& model, std::size_t num_images = 12)
      : engine(model),
        assignment(testing::noisy_assignment(model, 1)),
        images(testing::random_images(model, num_images, 2)) {
    for (std::size_t i = 0; i < num_images; ++i) labels.push_back(static_cast<int>(i % 4));
  }
  CampaignResult run(const CampaignParams& params) const {
    return run_campaign(engine, assignment, images, labels, params);
  }

  engine::Int8Engine engine;
  engine::Assignment assignment;
  std::vector<std::int8_t> images;
  std::vector<int> labels;
};

CampaignParams params_of(Sampling sampling) {
  CampaignParams params;
  params.sampling = sampling;
  params.num_threads = 1;
  params.num_faults = 200;
  params.max_pairs = 5'000;
  params.recheck_fraction = 0.01;
  return params;
}

constexpr Sampling kAllSamplings[] = {Sampling::kUniformPairs, Sampling::kStratified,
                                      Sampling::kCommonFaults, Sampling::kCensus,
                                      Sampling::kDeepaxe2023};

void expect_equal(const CampaignResult& a, const CampaignResult& b) {
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.by_stratum, b.by_stratum);
  EXPECT_EQ(a.changes, b.changes);
  EXPECT_EQ(a.golden_correct, b.golden_correct);
  EXPECT_EQ(a.rechecked, b.rechecked);
  EXPECT_EQ(a.stop_reason, b.stop_reason);
  EXPECT_EQ(a.sdc_interval.low, b.sdc_interval.low);
  EXPECT_EQ(a.vulnerability_interval.high, b.vulnerability_interval.high);
  ASSERT_EQ(a.margin_loss.has_value(), b.margin_loss.has_value());
  if (!a.margin_loss || !b.margin_loss) return;
  EXPECT_EQ(a.margin_loss->loss.value, b.margin_loss->loss.value);
  EXPECT_EQ(a.margin_loss->loss.interval.high, b.margin_loss->loss.interval.high);
  EXPECT_EQ(a.margin_loss->by_stratum, b.margin_loss->by_stratum);
  EXPECT_EQ(a.margin_loss->golden_margins, b.margin_loss->golden_margins);
}

using Records = std::vector<std::tuple<std::uint64_t, OutcomeCounts, std::int64_t>>;

std::function<void(const FaultCounts&)> appender(Records& records) {
  return [&records](const FaultCounts& fault) {
    records.emplace_back(fault.fault, fault.counts, fault.margin_loss);
  };
}

TEST(Campaign, GivesTheSameForAnyNumberOfThreads) {
  const Experiment experiment(testing::residual_network(1));
  for (const Sampling sampling : kAllSamplings) {
    CampaignParams params = params_of(sampling);
    params.measure_margin = true;
    Records by_one, by_three;
    params.on_fault = appender(by_one);
    const CampaignResult one = experiment.run(params);
    params.num_threads = 3;
    params.on_fault = appender(by_three);
    expect_equal(one, experiment.run(params));
    EXPECT_EQ(by_one, by_three);
  }
}

TEST(Campaign, OfWholeFaultsIsTheSameInBlocksOfAnySize) {
  const Experiment experiment(testing::residual_network(1), 3);
  for (const Sampling sampling :
       {Sampling::kCommonFaults, Sampling::kCensus, Sampling::kDeepaxe2023}) {
    CampaignParams params = params_of(sampling);
    params.measure_margin = true;
    Records at_once;
    params.on_fault = appender(at_once);
    const CampaignResult whole = experiment.run(params);
    for (const std::uint64_t block : {1U, 7U, 100U, 200U}) {
      if (block == 1 && sampling == Sampling::kCensus) continue;  // A golden run for each fault.
      Records in_blocks;
      params.faults_per_block = block;
      params.on_fault = appender(in_blocks);
      expect_equal(whole, experiment.run(params));
      EXPECT_EQ(at_once, in_blocks);
    }
  }
}

TEST(Campaign, CountsEveryPairOnceByTensorByBitAndByFault) {
  const Experiment experiment(testing::branch_network(1));
  for (const Sampling sampling : kAllSamplings) {
    CampaignParams params = params_of(sampling);
    OutcomeCounts by_tensor, by_fault;
    params.on_fault = [&by_fault](const FaultCounts& fault) { by_fault += fault.counts; };
    const CampaignResult result = experiment.run(params);
    for (const OutcomeCounts& counts : result.by_stratum) by_tensor += counts;
    EXPECT_EQ(by_tensor, result.total);
    EXPECT_EQ(by_fault, result.total);
    EXPECT_EQ(result.mismatches, 0);
    EXPECT_GT(result.rechecked, 0);
    EXPECT_FALSE(result.method.empty());
    EXPECT_FALSE(result.stop_reason.empty());
  }
}

TEST(Campaign, OfACensusIsWhatBruteForceCounts) {
  const model::Int8Model model = testing::chain_network(2);
  const Experiment experiment(model, 3);
  const CampaignResult result = experiment.run(params_of(Sampling::kCensus));
  const FaultSpace space(model);
  EXPECT_EQ(static_cast<std::uint64_t>(result.total.pairs()), space.size() * 3);
  const testing::BruteForce brute(model, layer_multipliers(experiment.assignment));
  const std::size_t size = experiment.engine.node_size(0);
  std::int64_t golden_correct = 0, faulty_correct = 0, sdc = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto image = std::span(experiment.images).subspan(i * size, size);
    const int golden = engine::argmax(brute.logits(image, nullptr));
    golden_correct += golden == experiment.labels[i];
    for (std::uint64_t f = 0; f < space.size(); ++f) {
      const Fault fault = space.at(f);
      const int faulty = engine::argmax(brute.logits(image, &fault));
      sdc += faulty != golden;
      faulty_correct += faulty == experiment.labels[i];
    }
  }
  EXPECT_EQ(result.total.sdc(), sdc);
  EXPECT_EQ(result.golden_correct, golden_correct);
  // Vulnerability by its definition: accuracy without faults less mean accuracy with them.
  const auto pairs = static_cast<double>(space.size() * 3);
  EXPECT_NEAR(result.vulnerability,
              static_cast<double>(golden_correct) / 3 - static_cast<double>(faulty_correct) / pairs,
              1e-12);
  EXPECT_EQ(result.sdc_interval.half_width(), 0);
}

TEST(Campaign, NeverPassesItsBudgetAndSaysSo) {
  const Experiment experiment(testing::chain_network(3));
  CampaignParams params = params_of(Sampling::kUniformPairs);
  params.target_sdc_relative = 0;
  params.target_vulnerability = 0;
  for (const std::uint64_t budget : {1U, 5U, 12U, 24U, 25U, 1000U, 1001U}) {
    params.max_pairs = budget;
    const CampaignResult result = experiment.run(params);
    EXPECT_EQ(result.total.pairs(), budget);
    EXPECT_EQ(result.images, static_cast<std::int64_t>(std::min<std::uint64_t>(budget, 12)));
    EXPECT_EQ(result.stop_reason, "budget of " + std::to_string(budget) + " pairs reached");
  }
}

TEST(Campaign, StopsWhenTheRateIsKnownWellEnough) {
  const Experiment experiment(testing::chain_network(3));
  CampaignParams params = params_of(Sampling::kUniformPairs);
  params.max_pairs = 1'000'000;
  params.target_vulnerability = 0;
  params.target_sdc_relative = 0.2;
  const CampaignResult by_rate = experiment.run(params);
  EXPECT_EQ(by_rate.stop_reason, "SDC rate known to +-20 % of itself");
  EXPECT_LE(by_rate.sdc_interval.half_width(), 0.2 * by_rate.sdc_rate);
  params.target_sdc_relative = 0;
  params.target_vulnerability = 0.01;
  const CampaignResult by_vulnerability = experiment.run(params);
  EXPECT_EQ(by_vulnerability.stop_reason, "vulnerability known to +-1 points");
  EXPECT_LE(by_vulnerability.vulnerability_interval.half_width(), 0.01);
}

TEST(Campaign, OfPairsIsAPrefixOfALongerOne) {
  const Experiment experiment(testing::chain_network(4));
  CampaignParams params = params_of(Sampling::kUniformPairs);
  params.target_sdc_relative = params.target_vulnerability = 0;
  params.max_pairs = 700;
  const CampaignResult shorter = experiment.run(params);
  params.max_pairs = 3000;
  const CampaignResult longer = experiment.run(params);
  ASSERT_GT(shorter.changes.size(), 0U);
  ASSERT_GE(longer.changes.size(), shorter.changes.size());
  EXPECT_TRUE(std::equal(shorter.changes.begin(), shorter.changes.end(), longer.changes.begin()));
  EXPECT_EQ(static_cast<std::int64_t>(longer.changes.size()), longer.total.sdc());
}

TEST(Campaign, OfStrataWithTheSameSharesIsAPrefixOfALongerOneInEachStratum) {
  const Experiment experiment(testing::chain_network(4));
  CampaignParams params = params_of(Sampling::kStratified);
  params.target_sdc_relative = params.target_vulnerability = 0;
  params.allocation =
      pilot_allocation(experiment.engine, experiment.images, experiment.labels, params);
  params.max_pairs = 1'200;
  const CampaignResult shorter = experiment.run(params);
  params.max_pairs = 4'000;
  const CampaignResult longer = experiment.run(params);
  const std::size_t num_strata = shorter.by_stratum.size();
  std::vector<ClassChange> common;
  for (const ClassChange& change : longer.changes) {
    const OutcomeCounts& counts = shorter.by_stratum[change.pair % num_strata];
    if (static_cast<std::int64_t>(change.pair / num_strata) < counts.pairs()) {
      common.push_back(change);
    }
  }
  ASSERT_GT(shorter.changes.size(), 0U);
  EXPECT_EQ(common, shorter.changes);
}

TEST(Campaign, OfStrataIsTheSameWhetherItFindsItsSharesOrIsGivenThem) {
  const Experiment experiment(testing::residual_network(2));
  CampaignParams params = params_of(Sampling::kStratified);
  const CampaignResult found = experiment.run(params);
  params.allocation =
      pilot_allocation(experiment.engine, experiment.images, experiment.labels, params);
  expect_equal(found, experiment.run(params));
}

TEST(Campaign, OutcomeRatesAddUpToOneAndToTheOtherFigures) {
  const Experiment experiment(testing::chain_network(3));
  for (const Sampling sampling : kAllSamplings) {
    const CampaignResult result = experiment.run(params_of(sampling));
    const auto rate = [&](Outcome o) { return result.outcome_rates[static_cast<std::size_t>(o)]; };
    double all = 0;
    for (const double share : result.outcome_rates) all += share;
    EXPECT_NEAR(all, 1, 1e-12);
    EXPECT_NEAR(result.vulnerability, rate(Outcome::kHarmful) - rate(Outcome::kBeneficial), 1e-12);
    EXPECT_NEAR(result.sdc_rate,
                rate(Outcome::kHarmful) + rate(Outcome::kBeneficial) + rate(Outcome::kNeutral),
                1e-12);
    EXPECT_TRUE(result.harmful_interval.contains(rate(Outcome::kHarmful)));
  }
}

TEST(Campaign, OfStrataKeepsWithinItsBudgetWithThePilot) {
  const Experiment experiment(testing::chain_network(3));
  CampaignParams params = params_of(Sampling::kStratified);
  params.target_sdc_relative = params.target_vulnerability = 0;
  for (const std::uint64_t budget : {100U, 1'000U, 4'567U}) {
    params.max_pairs = budget;
    const CampaignResult result = experiment.run(params);
    const auto used = static_cast<std::uint64_t>(result.total.pairs()) + result.pilot_pairs;
    EXPECT_LE(used, budget);
    EXPECT_GE(used, budget - 40);
    EXPECT_EQ(result.images, 12);
  }
}

// Fewer pairs than images: those not met count in no rate.
TEST(Campaign, RatesOfRowsAreThoseOfTheirPairsWhereImagesAreOfOneClass) {
  const Experiment experiment(testing::chain_network(3));
  CampaignParams params = params_of(Sampling::kUniformPairs);
  params.target_sdc_relative = params.target_vulnerability = 0;
  for (const std::uint64_t pairs : {std::uint64_t{5}, std::uint64_t{2'000}}) {
    params.max_pairs = pairs;
    const CampaignResult result = experiment.run(params);
    const std::vector<RowRate> rates = row_rates(result);
    ASSERT_EQ(rates.size(), result.by_stratum.size());
    for (std::size_t row = 0; row < rates.size(); ++row) {
      const OutcomeCounts& counts = result.by_stratum[row];
      EXPECT_EQ(rates[row].sdc.has_value(), counts.pairs() > 0);
      EXPECT_DOUBLE_EQ(rates[row].sdc.value_or(0), sdc_rate(counts));
    }
  }
}

TEST(Campaign, RefusesCountsOfFaultsOfUnevenlyMetImages) {
  const Experiment experiment(testing::chain_network(3), 40);
  CampaignParams params = params_of(Sampling::kStratified);
  params.max_pairs = 50'000;
  params.allocation =
      pilot_allocation(experiment.engine, experiment.images, experiment.labels, params);
  ASSERT_GT(params.allocation->images.num_classes(), 1U);
  params.on_fault = [](const FaultCounts&) {};
  EXPECT_THROW(experiment.run(params), std::invalid_argument);
}

TEST(Campaign, OfStrataThatAreAllExhaustedIsTheCensus) {
  const Experiment experiment(testing::chain_network(3), 4);
  CampaignParams params = params_of(Sampling::kStratified);
  params.target_sdc_relative = params.target_vulnerability = 0;
  params.max_pairs = 10'000'000;
  const CampaignResult all = experiment.run(params);
  const CampaignResult census = experiment.run(params_of(Sampling::kCensus));
  EXPECT_GT(all.class_sizes.size(), 1U);
  for (std::size_t row = 0; row < census.by_stratum.size(); ++row) {
    EXPECT_EQ(row_counts(all, row), census.by_stratum[row]);
    EXPECT_NEAR(row_rates(all)[row].sdc.value_or(-1), sdc_rate(census.by_stratum[row]), 1e-12);
  }
  EXPECT_NEAR(all.sdc_rate, census.sdc_rate, 1e-12);
  EXPECT_NEAR(all.vulnerability, census.vulnerability, 1e-12);
  EXPECT_EQ(all.sdc_interval.half_width(), 0);
}

TEST(Campaign, StopsAtALookWhoseIntervalsAreWithinTheMargin) {
  const Experiment experiment(testing::chain_network(3));
  for (const Sampling sampling : {Sampling::kUniformPairs, Sampling::kStratified}) {
    CampaignParams params = params_of(sampling);
    params.max_pairs = 1'000'000;
    params.margin = 0.02;
    const CampaignResult result = experiment.run(params);
    EXPECT_LE(result.sdc_interval.half_width(), 0.02);
    EXPECT_LE(result.vulnerability_interval.half_width(), 0.02);
    EXPECT_NE(result.stop_reason.find("+-2 points at look"), std::string::npos);
    EXPECT_NE(result.method.find("0.05 / (k (k + 1))"), std::string::npos);
  }
}

TEST(Campaign, ChoosesByTheBudget) {
  const FaultSpace space(testing::lenet5_network(1));
  EXPECT_EQ(automatic_sampling(space, 100, space.size() * 100), Sampling::kCensus);
  EXPECT_EQ(automatic_sampling(space, 100, space.size() * 100 - 1), Sampling::kStratified);
  EXPECT_EQ(automatic_sampling(space, 100, 1'000), Sampling::kUniformPairs);
}

// 95 % intervals of samples of fixed size, against the census: at least 180 of 200 (for a true
// coverage of 95 % fewer have a probability below 0.003).
TEST(Campaign, IntervalsOfSamplesCoverTheCensus) {
  const Experiment experiment(testing::chain_network(5), 4);
  const CampaignResult census = experiment.run(params_of(Sampling::kCensus));
  CampaignParams params = params_of(Sampling::kUniformPairs);
  params.target_sdc_relative = params.target_vulnerability = 0;
  params.max_pairs = 1000;
  params.recheck_fraction = 0;
  int covers_sdc = 0, covers_vulnerability = 0;
  for (params.seed = 1; params.seed <= 200; ++params.seed) {
    const CampaignResult sample = experiment.run(params);
    covers_sdc += sample.sdc_interval.contains(census.sdc_rate);
    covers_vulnerability += sample.vulnerability_interval.contains(census.vulnerability);
  }
  EXPECT_GE(covers_sdc, 180);
  EXPECT_GE(covers_vulnerability, 180);
}

TEST(Campaign, OfThePaperTriesATenthOfLeveuglesNumberOnAllImages) {
  const Experiment experiment(testing::lenet5_network(1), 1);
  CampaignParams params = params_of(Sampling::kDeepaxe2023);
  params.num_faults = 0;
  const CampaignResult result = experiment.run(params);
  EXPECT_NEAR(static_cast<double>(result.num_faults), 800, 10);
  EXPECT_NE(result.method.find("over-weights small late layers"), std::string::npos);
}

TEST(Campaign, PairsOfCommonFaultsAreTheCensusRestrictedToThem) {
  const Experiment experiment(testing::moving_network(6), 3);
  CampaignParams params = params_of(Sampling::kCensus);
  Records census, common;
  params.on_fault = appender(census);
  experiment.run(params);
  params.sampling = Sampling::kCommonFaults;
  params.on_fault = appender(common);
  experiment.run(params);
  ASSERT_EQ(common.size(), params.num_faults);
  for (const auto& record : common) EXPECT_EQ(record, census[std::get<0>(record)]);
}

TEST(Campaign, IsInterruptible) {
  const Experiment experiment(testing::chain_network(7));
  base::request_interrupt();
  EXPECT_THROW(experiment.run(params_of(Sampling::kCensus)), base::Interrupted);
  base::clear_interrupt();
}

TEST(Campaign, ReportsEveryPairAsProgress) {
  const Experiment experiment(testing::chain_network(7));
  CampaignParams params = params_of(Sampling::kUniformPairs);
  params.num_threads = 2;
  std::uint64_t pairs = 0;
  params.progress = [&](std::uint64_t done) { pairs += done; };
  const CampaignResult result = experiment.run(params);
  EXPECT_EQ(static_cast<std::int64_t>(pairs), result.total.pairs());
}

TEST(Campaign, RefusesNoImagesAndASpaceWithoutFaults) {
  const Experiment experiment(testing::chain_network(7));
  EXPECT_THROW(run_campaign(experiment.engine, experiment.assignment, {}, {}, {}),
               base::InputError);
  testing::NetworkBuilder b({4}, 1);
  const Experiment single(b.finish(b.dense(0, 3, false)));
  EXPECT_THROW(single.run({}), base::InputError);
  CampaignParams params = params_of(Sampling::kCommonFaults);
  params.num_faults = 0;
  EXPECT_THROW(experiment.run(params), std::invalid_argument);
}

TEST(PairedDifference, OfADesignAndItselfByStrataIsZero) {
  const Experiment experiment(testing::chain_network(4));
  CampaignParams params = params_of(Sampling::kStratified);
  const CampaignResult result = experiment.run(params);
  std::vector<CommonStratum> strata;
  for (const OutcomeCounts& counts : result.by_stratum) {
    const auto drawn = static_cast<std::uint64_t>(counts.pairs());
    strata.push_back({1.0 / static_cast<double>(result.by_stratum.size()), 1e9, drawn, drawn});
  }
  const PairedDifference same = paired_difference(result.changes, result.changes, strata);
  EXPECT_EQ(same.vulnerability, 0);
  EXPECT_TRUE(same.sdc_interval.contains(0));
}

TEST(Campaign, IntervalsOverWholeFaultsStayWithinWhatIsPossible) {
  const Experiment experiment(testing::chain_network(1));
  for (const std::uint64_t num_faults : {1U, 2U, 5U, 40U}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CampaignParams params = params_of(Sampling::kCommonFaults);
      params.num_faults = num_faults;
      params.seed = seed;
      const CampaignResult result = experiment.run(params);
      EXPECT_GE(result.sdc_interval.low, 0);
      EXPECT_LE(result.sdc_interval.high, 1);
      EXPECT_TRUE(result.sdc_interval.contains(result.sdc_rate));
      EXPECT_TRUE(result.vulnerability_interval.contains(result.vulnerability));
      EXPECT_GT(result.sdc_interval.high, result.sdc_interval.low);  // Never certain of a sample.
    }
  }
}

}  // namespace
}  // namespace deepaxe::fault
