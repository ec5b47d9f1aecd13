#include "deepaxe/fault/plan.h"

#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/interval.h"
#include "deepaxe/fault/sampling.h"

namespace deepaxe::fault {

SamplePlan plan_samples(const model::Int8Model& model, bool include_input, double margin,
                        double confidence) {
  const FaultSpace space(model, include_input);
  SamplePlan plan;
  plan.population = space.size();
  plan.paper_population = paper_population(paper_layers(model, space), space);
  plan.margin = margin;
  plan.confidence = confidence;
  plan.leveugle = leveugle_sample_size(plan.population, margin, confidence);
  plan.paper_rule = (leveugle_sample_size(plan.paper_population, margin, confidence) + 9) / 10;
  return plan;
}

}  // namespace deepaxe::fault
