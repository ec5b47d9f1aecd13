#include "deepaxe/fault/margin.h"

#include <algorithm>

#include "deepaxe/base/assertion.h"

namespace deepaxe::fault {

int margin_of(std::span<const std::int8_t> logits, int class_index) {
  const auto at = static_cast<std::size_t>(class_index);
  DEEPAXE_ASSERT(at < logits.size());
  if (logits.size() == 1) return 0;
  int next = INT8_MIN;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (i != at) next = std::max<int>(next, logits[i]);
  }
  return logits[at] - next;
}

void LossSums::add(int loss) noexcept {
  (loss > 0 ? lost : gained) += loss > 0 ? loss : -loss;
  squares += std::int64_t{loss} * loss;
  largest = std::max(largest, loss > 0 ? loss : -loss);
}

LossSums& LossSums::operator+=(const LossSums& other) noexcept {
  lost += other.lost;
  gained += other.gained;
  squares += other.squares;
  largest = std::max(largest, other.largest);
  return *this;
}

StratumSample loss_sample(const LossSums& losses, std::int64_t drawn, double weight,
                          double population) {
  return {weight, population, drawn, losses.lost, losses.gained, losses.squares};
}

Estimate mean_loss(std::span<const StratumSample> strata, int largest, double confidence) {
  return stratified_difference(strata, confidence, largest > 0 ? largest : kMostLoss);
}

}  // namespace deepaxe::fault
