// DesignPlan: the nodes that become functions, with C++ names and the arrays between them.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

struct LayerPlan {
  int node = 0;
  std::string name;                  ///< Function name; prefix of its arrays and loop labels.
  std::vector<std::string> sources;  ///< Array of each input: "image" or "<layer>_codes".
  std::string target;                ///< "<layer>_codes", or "logits" for the last one.
  int computing_index = -1;          ///< Position among the computing layers, or -1.
};

/// Layers in execution order. Reshape is no layer: its readers read what it renames; what stands
/// after the logits or does not lead to them is left out.
struct DesignPlan {
  std::vector<LayerPlan> layers;
  int logits_node = 0;
};

/// Throws base::InputError, naming node and op, for a node that has no integer hardware.
DesignPlan make_plan(const model::Int8Model& model);

/// `preferred`, altered until it is neither reserved nor in `taken` (which it joins). Reserved are
/// C++ keywords, names of the fixed sources and the endings of array names.
std::string unique_layer_name(const std::string& preferred, std::vector<std::string>& taken);

}  // namespace deepaxe::hw::hls
