// A small network with its images, and a folder for the studies of one test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/explore/explorer.h"
#include "deepaxe/explore/test_models.h"

namespace deepaxe::explore {

class ExploreTest : public ::testing::Test {
 protected:
  ExploreTest()
      : model_(test::chain_model(3)),
        engine_(model_),
        data_(test::random_data(model_, 24, engine_.num_classes())) {
    // Labels are mostly what the exact network says, so that there is accuracy to lose.
    const auto golden =
        engine::evaluate(engine_, engine::exact_assignment(model_), data_.images, {}, 1);
    for (std::size_t i = 0; i < data_.labels.size(); ++i) {
      if (i % 8 != 0) data_.labels[i] = golden.predictions[i];
    }
  }

  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("deepaxe_explore_" + std::to_string(::getpid()) + "_" + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    base::clear_interrupt();
    std::filesystem::remove_all(folder_);
  }

  ExploreParams params(const std::string& file,
                       const std::vector<std::string>& names = {"1KVP", "trunc(4)"}) const {
    ExploreParams params;
    params.study = folder_ / file;
    for (const auto& name : names) {
      params.space.multipliers.push_back(arith::find_multiplier(name));
    }
    params.campaign.sampling = fault::Sampling::kStratified;
    params.campaign.max_pairs = 400;
    params.data_key = "random";
    params.num_threads = 1;
    params.max_designs_per_commit = 5;
    return params;
  }

  ExploreStats run(const ExploreParams& with) const {
    return explore(engine_, data_.images, data_.labels, with);
  }

  // What must be equal of two studies: all but the seconds.
  static std::pair<std::vector<store::PointRecord>, store::View> content(
      const std::filesystem::path& file) {
    const store::Study study = store::Study::open_existing(file);
    auto points = study.points();
    for (store::PointRecord& point : points) {
      if (point.faults) point.faults->seconds = 0;
    }
    return {points, study.view()};
  }

  model::Int8Model model_;
  engine::Int8Engine engine_;
  test::TestData data_;
  std::filesystem::path folder_;
};

}  // namespace deepaxe::explore
