#include "deepaxe/fault/stratified_round.h"

#include <algorithm>
#include <span>
#include <utility>

namespace deepaxe::fault {
namespace {

using Counts = std::vector<std::uint64_t>;

// Of one round: which pairs of which strata an image meets.
class Round {
 public:
  // The pairs [begin[h], end[h]) of each stratum. The sequence and the images outlive the round.
  Round(const StratifiedSequence& sequence, const ImageClasses& images, Counts begin,
        const Counts& end)
      : sequence_(sequence),
        images_(images),
        begin_(std::move(begin)),
        num_rows_(begin_.size() / images.num_classes()) {
    first_draw_.resize(std::size_t{images.num_images()} * (num_rows_ + 1));
    for (std::size_t c = 0; c < images.num_classes(); ++c) {
      for (std::uint32_t p = images.first[c]; p < images.first[c + 1]; ++p) count_draws(p, c, end);
    }
  }

  std::uint32_t num_draws(std::size_t position) const { return draws_of(position)[num_rows_]; }
  std::uint32_t most_draws() const noexcept { return most_draws_; }

  Draw draw(std::size_t position, std::uint64_t k) const {
    const std::span<const std::uint32_t> first = draws_of(position);
    const auto row = static_cast<std::size_t>(std::upper_bound(first.begin(), first.end() - 1, k) -
                                              first.begin() - 1);
    const std::size_t image_class = images_.class_of(static_cast<std::uint32_t>(position));
    const std::size_t h = stratum(row, image_class);
    const std::uint64_t index =
        sequence_.next_index(h, begin_[h], static_cast<std::uint32_t>(position)) +
        (k - first[row]) * images_.size(image_class);
    const std::uint64_t fault = sequence_.at(h, index).fault;
    return {index * begin_.size() + h, fault, fault, image_class};
  }

 private:
  void count_draws(std::uint32_t position, std::size_t image_class, const Counts& end) {
    std::uint32_t draws = 0;
    for (std::size_t row = 0; row < num_rows_; ++row) {
      first_draw_[position * (num_rows_ + 1) + row] = draws;
      const std::size_t h = stratum(row, image_class);
      const std::uint64_t first = sequence_.next_index(h, begin_[h], position);
      if (first < end[h]) {
        draws += static_cast<std::uint32_t>((end[h] - 1 - first) / images_.size(image_class) + 1);
      }
    }
    first_draw_[position * (num_rows_ + 1) + num_rows_] = draws;
    most_draws_ = std::max(most_draws_, draws);
  }

  std::size_t stratum(std::size_t row, std::size_t image_class) const {
    return row * images_.num_classes() + image_class;
  }
  std::span<const std::uint32_t> draws_of(std::size_t position) const {
    return std::span(first_draw_).subspan(position * (num_rows_ + 1), num_rows_ + 1);
  }

  const StratifiedSequence& sequence_;
  const ImageClasses& images_;
  Counts begin_;
  std::size_t num_rows_;
  std::vector<std::uint32_t> first_draw_;  // [position][row]: draws of the rows before it.
  std::uint32_t most_draws_ = 0;
};

}  // namespace

void run_round(const StratifiedSequence& sequence, const ImageClasses& images, const Counts& begin,
               const Counts& end, PairExecutor& executor) {
  const Round round(sequence, images, begin, end);
  Workload workload;
  workload.num_positions = images.num_images();
  workload.num_image_classes = images.num_classes();
  workload.max_draws = std::max(round.most_draws(), 1U);  // Golden classes are counted for all.
  workload.counts_golden = std::ranges::all_of(begin, [](std::uint64_t done) { return done == 0; });
  workload.image = [&images](std::size_t position) { return std::size_t{images.order[position]}; };
  workload.num_draws = [&round](std::size_t position) {
    return std::uint64_t{round.num_draws(position)};
  };
  workload.draw = [&round](std::size_t position, std::uint64_t k) {
    return round.draw(position, k);
  };
  executor.run(workload);
}

}  // namespace deepaxe::fault
