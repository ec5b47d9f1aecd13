// The latency law of the DeepAxe paper, which its printed cycle counts obey.
// Source: Taheri et al., ISQED 2023; the law was recovered from the printed cycles of its networks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// How many cycles a dense layer takes for one product.
enum class PaperPace {
  kSlow,     ///< 4: exact, 1KV8, 1KV9.
  kFast,     ///< 3: 1KVP.
  kUnknown,  ///< The paper has not tried it.
};
/// By products, not by name.
PaperPace paper_pace(const arith::NamedMultiplier& multiplier);

/// The law of one network: defined for the paper's LeNet-5, AlexNet and 3-layer MLP (by shape),
/// with multipliers of a known pace in every computing layer.
class PaperLaw {
 public:
  explicit PaperLaw(const model::Int8Model& model);

  /// Adds up the law, computing layer by computing layer. Must not outlive the law.
  class Sum {
   public:
    void add_layer(PaperPace pace) noexcept;
    /// Of one image; nothing where the law is not defined.
    std::optional<std::int64_t> cycles() const noexcept;

   private:
    friend class PaperLaw;
    explicit Sum(const PaperLaw& law) : law_(law), cycles_(law.fixed_cycles_) {}
    const PaperLaw& law_;
    std::int64_t cycles_;
    std::size_t layer_ = 0;
    bool is_known_ = true;
  };
  Sum sum() const noexcept { return Sum(*this); }

  std::optional<std::int64_t> cycles(LayerMultipliers multipliers) const;
  /// Where the figure is from, or why there is none.
  std::string source(LayerMultipliers multipliers) const;

 private:
  std::string network_;  // Empty: not one of the paper's.
  std::int64_t fixed_cycles_ = 0;
  std::vector<std::array<std::int64_t, 2>> layer_cycles_;  // [computing layer][slow, fast]
};

}  // namespace deepaxe::hw::cost
