// FaultSpace: every single bit flip of the stored activations of a model, numbered.
// Terms: Avizienis et al., "Basic concepts and taxonomy", IEEE TDSC 1(1), 2004.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::fault {

/// One flip of one bit of one stored int8 element (two's complement, bit 0 = LSB).
struct Fault {
  int node = 0;               ///< Graph node whose output tensor is hit.
  std::uint32_t element = 0;  ///< Row-major index in the tensor of one image.
  int bit = 0;                ///< [0, 8)

  bool operator==(const Fault&) const = default;
};

/// A stored tensor of the space. Its faults are [first_fault, first_fault + elements * 8).
struct FaultTensor {
  int node = 0;
  std::string name;
  std::uint64_t elements = 0;
  std::uint64_t first_fault = 0;
};

/// The node whose memory holds the tensor of each node: itself, or through Reshape its input's.
std::vector<int> storage_roots(const model::Int8Model& model);

/// Which nodes the logits depend on, the logits node included.
std::vector<bool> needed_nodes(const model::Int8Model& model);

/// Stored activations that a later layer reads: all storing nodes but the logits. Tensors only
/// renamed (Reshape) are the same memory and count once. Immutable.
class FaultSpace {
 public:
  explicit FaultSpace(const model::Int8Model& model, bool include_input = false);

  std::uint64_t size() const noexcept { return size_; }
  const std::vector<FaultTensor>& tensors() const noexcept { return tensors_; }

  /// Numbering: tensor, then element, then bit. Requires index < size().
  Fault at(std::uint64_t index) const;
  std::uint64_t index_of(const Fault& fault) const;
  /// Position in tensors() of the tensor that `index` hits.
  int tensor_of(std::uint64_t index) const;

 private:
  std::vector<FaultTensor> tensors_;
  std::uint64_t size_ = 0;
};

}  // namespace deepaxe::fault
