// Assignment: one multiplier for each computing layer of a model.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::engine {

/// multipliers[l] belongs to computing layer l (model::computing_nodes order).
struct Assignment {
  std::vector<arith::MultiplierPtr> multipliers;

  bool is_exact() const noexcept;
  /// Same products in every layer (identities compared, not names).
  bool same_products(const Assignment& other) const noexcept;
};

Assignment exact_assignment(const model::Int8Model& model);

/// Reads any of the notations:
///   "exact"                    every layer exact
///   "1KVP"                     every computing layer
///   "conv1=1KVP,dense3=1KV9"   by layer name; the rest exact
///   "1KVP@1-1-111"             one character per layer that stores a tensor: 1, 0, or - where the
///                              layer does not compute; also with one character per computing layer
/// Throws base::InputError for unknown layers or multipliers (nearest names offered), a wrong
/// length, or a character that does not fit its layer.
Assignment parse_assignment(std::string_view text, const model::Int8Model& model);

/// The paper's notation if one approximate multiplier is used, else by layer name; "exact" if none.
std::string to_string(const Assignment& assignment, const model::Int8Model& model);
/// The mask of the paper's notation alone: "1-1-111".
std::string mask_of(const Assignment& assignment, const model::Int8Model& model);

}  // namespace deepaxe::engine
