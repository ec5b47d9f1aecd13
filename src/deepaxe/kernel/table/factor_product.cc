#include "deepaxe/kernel/table/factor_product.h"

#include <algorithm>

namespace deepaxe::kernel::table {
FactorProduct::FactorProduct(const ComputingLayer& layer, const Window& window,
                             const OutputStage& stage, const HotLoops& loops)
    : stage_(stage),
      loops_(loops),
      bytes_(layer, window, stage, loops),
      pairs_(layer, window, stage, loops),
      channels_(layer, window, stage, loops) {}

int FactorProduct::max_terms(const HotLoops& loops) {
  return std::max(loops.max_pair_terms, loops.max_byte_terms);
}

bool FactorProduct::is_possible(const Factors& factors) const {
  if (factors.words.terms.empty()) return false;
  if (form(factors) == Form::kChannels) return channels_.is_possible();
  return form(factors) == Form::kBytes ||
         static_cast<int>(factors.words.terms.size()) <= loops_.max_pair_terms;
}

FactorProduct::Form FactorProduct::form(const Factors& factors) const {
  if (stage_.is_narrow()) return Form::kChannels;
  return loops_.bytes != nullptr && !factors.bytes.terms.empty() ? Form::kBytes : Form::kPairs;
}

std::string_view FactorProduct::name(const Factors& factors) const {
  switch (form(factors)) {
    case Form::kBytes:
      return "matrix product of bytes";
    case Form::kPairs:
      return "matrix product of int16";
    case Form::kChannels:
      break;
  }
  return "channel by channel";
}

std::size_t FactorProduct::num_terms(const Factors& factors) const {
  return form(factors) == Form::kBytes ? factors.bytes.terms.size() : factors.words.terms.size();
}

std::size_t FactorProduct::row_bytes(const Factors& factors) const {
  switch (form(factors)) {
    case Form::kBytes:
      return bytes_.row_bytes(factors.bytes.terms.size());
    case Form::kPairs:
      return pairs_.row_bytes(factors.words.terms.size());
    case Form::kChannels:
      break;
  }
  return channels_.row_bytes(factors.words.terms.size());
}

FactorProduct::Words FactorProduct::prepare(const Factors& factors) const {
  switch (form(factors)) {
    case Form::kBytes:
      return bytes_.prepare(factors.bytes);
    case Form::kPairs:
      return pairs_.prepare(factors.words);
    case Form::kChannels:
      break;
  }
  return channels_.prepare(factors.words);
}

std::size_t FactorProduct::num_bytes(const Factors& factors) const {
  switch (form(factors)) {
    case Form::kBytes:
      return bytes_.num_bytes(factors.bytes.terms.size());
    case Form::kPairs:
      return pairs_.num_bytes(factors.words.terms.size());
    case Form::kChannels:
      break;
  }
  return channels_.num_bytes(factors.words.terms.size());
}

void FactorProduct::sum(const Factors& factors, const Words& weights, const std::uint8_t* codes,
                        int num_images, std::uint32_t* sums) const {
  switch (form(factors)) {
    case Form::kBytes:
      return bytes_.sum(factors.bytes, weights, codes, num_images, sums);
    case Form::kPairs:
      return pairs_.sum(factors.words, weights, codes, num_images, sums);
    case Form::kChannels:
      break;
  }
  channels_.sum(factors.words, weights, codes, num_images, sums);
}

}  // namespace deepaxe::kernel::table
