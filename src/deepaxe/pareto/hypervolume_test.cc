#include "deepaxe/pareto/hypervolume.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/pareto/front.h"

namespace deepaxe::pareto {
namespace {

constexpr std::uint64_t kGrid = 6;  // Coordinates 0..5, reference 5 in every objective.

std::vector<double> grid_rows(std::uint64_t seed, std::size_t num_points, std::size_t k) {
  const base::CounterRng rng(seed);
  std::vector<double> rows(num_points * k);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<double>(rng.below(kGrid, i));
  return rows;
}

// Counts the unit cells with a point at or below their lower corner.
double count_cells(const std::vector<double>& rows, std::size_t k) {
  std::uint64_t num_cells = 1;
  for (std::size_t j = 0; j < k; ++j) num_cells *= kGrid - 1;
  double count = 0;
  for (std::uint64_t cell = 0; cell < num_cells; ++cell) {
    bool is_covered = false;
    for (std::size_t begin = 0; begin < rows.size() && !is_covered; begin += k) {
      is_covered = true;
      std::uint64_t rest = cell;
      for (std::size_t j = 0; j < k; ++j, rest /= kGrid - 1) {
        is_covered = is_covered && rows[begin + j] <= static_cast<double>(rest % (kGrid - 1));
      }
    }
    count += is_covered ? 1 : 0;
  }
  return count;
}

TEST(Hypervolume, EqualsTheCountOfCellsOnAGrid) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::size_t k = 1 + seed % 4;
    const std::vector<double> rows = grid_rows(seed, 1 + seed % 9, k);
    const std::vector<double> reference(k, kGrid - 1);
    EXPECT_EQ(hypervolume(rows, reference), count_cells(rows, k)) << "seed " << seed;
  }
}

TEST(Hypervolume, NeverFallsWhenAPointIsAdded) {
  const std::vector<double> rows = grid_rows(/*seed=*/99, 40, 3);
  const std::vector<double> reference(3, kGrid - 1);
  double previous = 0;
  for (std::size_t n = 1; n <= 40; ++n) {
    const double now = hypervolume(std::span(rows).first(3 * n), reference);
    EXPECT_GE(now, previous);
    previous = now;
  }
}

TEST(Hypervolume, IsThatOfTheFrontAlone) {
  const std::vector<double> rows = grid_rows(/*seed=*/100, 50, 3);
  std::vector<double> front;
  for (const std::size_t i : pareto_front(rows, 3)) {
    for (std::size_t j = 0; j < 3; ++j) front.push_back(rows[3 * i + j]);
  }
  const std::vector<double> reference(3, kGrid);
  EXPECT_EQ(hypervolume(front, reference), hypervolume(rows, reference));
}

TEST(Hypervolume, OfOnePointIsItsBox) {
  EXPECT_EQ(hypervolume(std::vector<double>{1, 2, 3}, std::vector<double>{2, 4, 6}), 6);
  EXPECT_EQ(hypervolume(std::vector<double>{0.5, 0.25}, std::vector<double>{1, 1}), 0.375);
}

TEST(Hypervolume, APointAtOrAboveTheReferenceAddsNothing) {
  const std::vector<double> reference = {1, 1};
  EXPECT_EQ(hypervolume(std::vector<double>{1, 0, 0, 2}, reference), 0);
  EXPECT_EQ(hypervolume({}, reference), 0);
}

TEST(Hypervolume, DoesNotDependOnTheOrderOfPoints) {
  const base::CounterRng rng(11);
  std::vector<double> rows, reversed;
  for (std::size_t i = 0; i < 90; ++i) rows.push_back(rng.unit(i));
  for (std::size_t i = 30; i-- > 0;) {
    reversed.insert(reversed.end(), {rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]});
  }
  const std::vector<double> reference(3, 1.0);
  EXPECT_EQ(hypervolume(rows, reference), hypervolume(reversed, reference));
}

TEST(Hypervolume, RejectsWhatHasNoVolume) {
  const std::vector<double> reference = {1, 1};
  constexpr double kInf = std::numeric_limits<double>::infinity();
  EXPECT_THROW(hypervolume(std::vector<double>{0, std::nan("")}, reference), std::invalid_argument);
  EXPECT_THROW(hypervolume(std::vector<double>{0, -kInf}, reference), std::invalid_argument);
  EXPECT_THROW(hypervolume(std::vector<double>{0, 0, 0}, reference), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::pareto
