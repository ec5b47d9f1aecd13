// SamplePlan: how many faults the literature's formula asks for, and what the paper used.
// Source: Leveugle et al., "Statistical fault injection", DATE 2009.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "deepaxe/model/graph.h"

namespace deepaxe::fault {

struct SamplePlan {
  std::uint64_t population = 0;        ///< Faults of the space.
  std::uint64_t paper_population = 0;  ///< With flatten counted again, as the paper does.
  double margin = 0;                   ///< A fraction.
  double confidence = 0;
  std::uint64_t leveugle = 0;    ///< Leveugle's number for `population`.
  std::uint64_t paper_rule = 0;  ///< A tenth of it for `paper_population`, rounded up.
};

/// Requires a positive margin and confidence in (0, 1).
SamplePlan plan_samples(const model::Int8Model& model, bool include_input = false,
                        double margin = 0.01, double confidence = 0.95);

/// Faults per campaign of the paper's Table III.
struct PaperSample {
  std::string_view network;
  std::uint64_t num_faults = 0;
};
inline constexpr std::array<PaperSample, 3> kPaperSamples = {
    {{"3-layer MLP", 600}, {"LeNet-5", 800}, {"AlexNet", 1000}}};

}  // namespace deepaxe::fault
