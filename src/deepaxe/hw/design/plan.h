// DesignPlan: the nodes that become functions, with names, and the arrays between them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

struct LayerPlan {
  int node = 0;
  std::string name;                  ///< Of its function or module; prefix of its arrays.
  std::vector<std::string> sources;  ///< Array of each input: "image" or "<layer>_codes".
  std::vector<int> source_nodes;     ///< The node that writes each of them.
  std::string target;                ///< "<layer>_codes", or "logits" for the last one.
  int computing_index = -1;          ///< Position among the computing layers, or -1.
};

/// Layers in execution order. Reshape is no layer: its readers read what it renames; what stands
/// after the logits or does not lead to them is left out.
struct DesignPlan {
  std::vector<LayerPlan> layers;
  int logits_node = 0;
};

/// Names that a layer cannot have.
using IsReserved = std::function<bool(std::string_view)>;

/// Whether a flatten copies: a Reshape of rows, columns, channels to one axis.
enum class Flatten { kRenames, kCopies };

/// Throws base::InputError, naming node and op, for a node that has no integer hardware.
DesignPlan make_plan(const model::Int8Model& model, const IsReserved& is_reserved,
                     Flatten flatten = Flatten::kRenames);

/// `preferred`, altered until it is neither reserved nor in `taken` (which it joins).
std::string unique_layer_name(const std::string& preferred, std::vector<std::string>& taken,
                              const IsReserved& is_reserved);

}  // namespace deepaxe::hw::design
