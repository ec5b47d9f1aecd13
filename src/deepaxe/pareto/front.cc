#include "deepaxe/pareto/front.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace deepaxe::pareto {
namespace {

using Ids = std::vector<std::size_t>;

// Below this many pairs, comparing them all is faster than splitting further.
constexpr std::size_t kFewPairs = 512;

// One set of distinct rows, numbered by id in lexicographic order. Of two ids the smaller one is
// never dominated by the larger; it dominates the larger exactly if it is <= in objectives 1..k-1:
// objective 0 is <= by the order and the rows differ. So only weak dominance is ever asked, and
// ties need no case of their own.
class FrontFinder {
 public:
  FrontFinder(std::vector<const double*> rows, std::size_t num_objectives)
      : rows_(std::move(rows)), num_objectives_(num_objectives), is_dominated_(rows_.size()) {}

  std::vector<bool> find_dominated() {
    Ids all(rows_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    front(all);
    return std::move(is_dominated_);
  }

 private:
  // Reduces `ids`, increasing, to those that no other of them dominates.
  void front(Ids& ids) {
    if (ids.size() < 2) return;
    Ids high(ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2), ids.end());
    ids.resize(ids.size() / 2);
    front(ids);
    front(high);
    mark(ids, high, num_objectives_ - 1);
    std::copy_if(high.begin(), high.end(), std::back_inserter(ids),
                 [this](std::size_t id) { return !is_dominated_[id]; });
  }

  // Marks every candidate that some dominator equals or undercuts in objectives 1..last.
  void mark(const Ids& dominators, const Ids& candidates, std::size_t last) {
    if (dominators.empty() || candidates.empty()) return;
    if (dominators.size() * candidates.size() <= kFewPairs) {
      mark_pairwise(dominators, candidates, last);
    } else if (last == 0) {
      for (const std::size_t id : candidates) is_dominated_[id] = true;
    } else if (last == 1) {
      mark_by_minimum(dominators, candidates);
    } else if (last == 2) {
      mark_by_sweep(dominators, candidates);
    } else {
      mark_by_halves(dominators, candidates, last);
    }
  }

  void mark_pairwise(const Ids& dominators, const Ids& candidates, std::size_t last) {
    for (const std::size_t candidate : candidates) {
      if (is_dominated_[candidate]) continue;
      is_dominated_[candidate] =
          std::any_of(dominators.begin(), dominators.end(), [&](std::size_t dominator) {
            for (std::size_t k = 1; k <= last; ++k) {
              if (rows_[dominator][k] > rows_[candidate][k]) return false;
            }
            return true;
          });
    }
  }

  void mark_by_minimum(const Ids& dominators, const Ids& candidates) {
    double minimum = rows_[dominators.front()][1];
    for (const std::size_t id : dominators) minimum = std::min(minimum, rows_[id][1]);
    for (const std::size_t id : candidates) {
      if (minimum <= rows_[id][1]) is_dominated_[id] = true;
    }
  }

  // In the order of objective 2, against the least objective 1 of the dominators passed so far.
  void mark_by_sweep(const Ids& dominators, const Ids& candidates) {
    const Ids passing = sorted_by(dominators, 2);
    double minimum = std::numeric_limits<double>::infinity();
    std::size_t num_passed = 0;
    for (const std::size_t id : sorted_by(candidates, 2)) {
      while (num_passed < passing.size() && rows_[passing[num_passed]][2] <= rows_[id][2]) {
        minimum = std::min(minimum, rows_[passing[num_passed++]][1]);
      }
      if (num_passed > 0 && minimum <= rows_[id][1]) is_dominated_[id] = true;
    }
  }

  Ids sorted_by(Ids ids, std::size_t objective) const {
    std::sort(ids.begin(), ids.end(), [&](std::size_t a, std::size_t b) {
      return rows_[a][objective] < rows_[b][objective];
    });
    return ids;
  }

  // Splits both sets at the median of objective `last` into below, at and above. Below and above
  // have at most half of the points each; across the parts one objective is decided.
  void mark_by_halves(const Ids& dominators, const Ids& candidates, std::size_t last) {
    const double median = median_of(dominators, candidates, last);
    const Parts from = split(dominators, last, median);
    const Parts to = split(candidates, last, median);
    mark(from.below, to.below, last);
    mark(from.above, to.above, last);
    mark(from.below, to.at, last - 1);
    mark(from.at, to.at, last - 1);
    mark(from.below, to.above, last - 1);
    mark(from.at, to.above, last - 1);
  }

  struct Parts {
    Ids below, at, above;
  };

  // Candidates already marked are left out; dominators are never marked.
  Parts split(const Ids& ids, std::size_t objective, double value) const {
    Parts parts;
    for (const std::size_t id : ids) {
      if (is_dominated_[id]) continue;
      const double own = rows_[id][objective];
      (own < value ? parts.below : own > value ? parts.above : parts.at).push_back(id);
    }
    return parts;
  }

  double median_of(const Ids& a, const Ids& b, std::size_t objective) const {
    std::vector<double> values;
    values.reserve(a.size() + b.size());
    for (const std::size_t id : a) values.push_back(rows_[id][objective]);
    for (const std::size_t id : b) values.push_back(rows_[id][objective]);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }

  std::vector<const double*> rows_;  // By id.
  std::size_t num_objectives_;
  std::vector<bool> is_dominated_;  // By id.
};

void check(std::span<const double> rows, std::size_t num_objectives) {
  if (num_objectives == 0 || rows.size() % num_objectives != 0) {
    throw std::invalid_argument(
        fmt::format("{} values are not rows of {} objectives", rows.size(), num_objectives));
  }
  const auto nan = std::find_if(rows.begin(), rows.end(), [](double x) { return std::isnan(x); });
  if (nan != rows.end()) {
    const auto place = static_cast<std::size_t>(nan - rows.begin());
    throw std::invalid_argument(fmt::format("objective {} of point {} is NaN",
                                            place % num_objectives, place / num_objectives));
  }
}

}  // namespace

bool dominates(std::span<const double> a, std::span<const double> b) noexcept {
  bool is_smaller = false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k] > b[k]) return false;
    is_smaller = is_smaller || a[k] < b[k];
  }
  return is_smaller;
}

std::vector<std::size_t> pareto_front(std::span<const double> rows, std::size_t num_objectives) {
  check(rows, num_objectives);
  const auto row = [&](std::size_t i) { return rows.subspan(i * num_objectives, num_objectives); };
  std::vector<std::size_t> order(rows.size() / num_objectives);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::ranges::lexicographical_compare(row(a), row(b));
  });
  std::vector<const double*> distinct;
  std::vector<std::size_t> id_of_point(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || !std::ranges::equal(row(order[i - 1]), row(order[i]))) {
      distinct.push_back(row(order[i]).data());
    }
    id_of_point[order[i]] = distinct.size() - 1;
  }
  const std::vector<bool> is_dominated =
      FrontFinder(std::move(distinct), num_objectives).find_dominated();
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < id_of_point.size(); ++i) {
    if (!is_dominated[id_of_point[i]]) front.push_back(i);
  }
  return front;
}

std::vector<std::size_t> undominated(
    std::size_t num_points,
    const std::function<bool(std::size_t a, std::size_t b)>& dominates_point) {
  std::vector<std::size_t> front;
  for (std::size_t b = 0; b < num_points; ++b) {
    bool is_dominated = false;
    for (std::size_t a = 0; a < num_points && !is_dominated; ++a) {
      is_dominated = a != b && dominates_point(a, b);
    }
    if (!is_dominated) front.push_back(b);
  }
  return front;
}

}  // namespace deepaxe::pareto
