#include "deepaxe/kernel/table/factor_product.h"

#include <algorithm>
#include <cstdlib>

namespace deepaxe::kernel::table {
namespace {

constexpr int kLargestNarrow = 1023;  // Sixteen pairs of such products fit 16 bits.
constexpr int kLargestSum = 32767;

int largest_product(const arith::ByteFactorization::Term& term) {
  int largest_g = 0;
  for (const std::int8_t g : term.g) largest_g = std::max(largest_g, std::abs(int{g}));
  return largest_g * *std::max_element(term.f.begin(), term.f.end());
}

void split_narrow(Factors& factors) {
  int largest = 1;
  for (const arith::Factorization::Term& term : factors.words.terms) {
    const arith::ByteFactorization bytes = arith::to_bytes({.terms = {term}}, 1);
    if (bytes.terms.empty() || largest_product(bytes.terms.front()) > kLargestNarrow) {
      factors.wide.terms.push_back(term);
    } else {
      factors.narrow.terms.push_back(bytes.terms.front());
      largest = std::max(largest, largest_product(bytes.terms.front()));
    }
  }
  factors.safe_quads = kLargestSum / (2 * largest);
}

}  // namespace

std::size_t Factors::num_bytes() const {
  return 2 * words.terms.size() * sizeof(arith::Factorization::Term) +
         2 * bytes.terms.size() * sizeof(arith::ByteFactorization::Term);
}

Factors find_factors(const arith::Multiplier& multiplier, int max_terms) {
  Factors factors;
  factors.words = arith::factorize(multiplier, max_terms);
  factors.bytes = arith::to_bytes(factors.words, max_terms);
  split_narrow(factors);
  return factors;
}

FactorProduct::FactorProduct(const ComputingLayer& layer, const Window& window,
                             const OutputStage& stage, const HotLoops& loops,
                             const BlockSizes& sizes)
    : stage_(stage),
      loops_(loops),
      sizes_(sizes),
      bytes_(layer, window, stage, loops, sizes),
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
  if (loops_.bytes.multiply != nullptr && !factors.bytes.terms.empty()) return Form::kBytes;
  const bool has_both = !factors.wide.terms.empty() && !factors.narrow.terms.empty();
  return has_both && loops_.bytes.multiply_narrow != nullptr ? Form::kPairsAndNarrow : Form::kPairs;
}

std::string_view FactorProduct::name(const Factors& factors) const {
  switch (form(factors)) {
    case Form::kBytes:
      return "matrix product of bytes";
    case Form::kPairs:
      return "matrix product of int16";
    case Form::kPairsAndNarrow:
      return "matrix products of int16 and of bytes";
    case Form::kChannels:
      break;
  }
  return "channel by channel";
}

std::size_t FactorProduct::num_terms(const Factors& factors) const {
  return form(factors) == Form::kBytes ? factors.bytes.terms.size() : factors.words.terms.size();
}

int FactorProduct::safe_depth(const Factors& factors) const {
  return form(factors) == Form::kPairsAndNarrow ? 2 * safe_quads(factors) : 0;
}

int FactorProduct::safe_quads(const Factors& factors) const {
  return std::min(factors.safe_quads, sizes_.narrow_quads);
}

std::size_t FactorProduct::row_bytes(const Factors& factors) const {
  switch (form(factors)) {
    case Form::kBytes:
      return bytes_.row_bytes(factors.bytes.terms.size());
    case Form::kPairs:
      return pairs_.row_bytes(factors.words.terms.size());
    case Form::kPairsAndNarrow:
      return pairs_.row_bytes(factors.wide.terms.size()) +
             bytes_.row_bytes(factors.narrow.terms.size());
    case Form::kChannels:
      break;
  }
  return channels_.row_bytes(factors.words.terms.size());
}

// The narrow part comes first: it lies on cache lines.
std::size_t FactorProduct::narrow_words(const Factors& factors) const {
  return bytes_.num_bytes(factors.narrow.terms.size()) / sizeof(std::uint32_t);
}

FactorProduct::Words FactorProduct::prepare(const Factors& factors) const {
  Words words(num_bytes(factors) / sizeof(std::uint32_t));
  switch (form(factors)) {
    case Form::kBytes:
      bytes_.prepare(factors.bytes, words.data());
      break;
    case Form::kPairs:
      pairs_.prepare(factors.words, words.data());
      break;
    case Form::kPairsAndNarrow:
      bytes_.prepare(factors.narrow, words.data());
      pairs_.prepare(factors.wide, words.data() + narrow_words(factors));
      break;
    case Form::kChannels:
      channels_.prepare(factors.words, words.data());
      break;
  }
  return words;
}

std::size_t FactorProduct::num_bytes(const Factors& factors) const {
  switch (form(factors)) {
    case Form::kBytes:
      return bytes_.num_bytes(factors.bytes.terms.size());
    case Form::kPairs:
      return pairs_.num_bytes(factors.words.terms.size());
    case Form::kPairsAndNarrow:
      return bytes_.num_bytes(factors.narrow.terms.size()) +
             pairs_.num_bytes(factors.wide.terms.size());
    case Form::kChannels:
      break;
  }
  return channels_.num_bytes(factors.words.terms.size());
}

void FactorProduct::sum(const Factors& factors, const Words& weights, const std::uint8_t* codes,
                        int num_images, std::uint32_t* sums) const {
  switch (form(factors)) {
    case Form::kBytes:
      return bytes_.sum(factors.bytes, weights.data(), codes, num_images, sums);
    case Form::kPairs:
      return pairs_.sum(factors.words, weights.data(), codes, num_images, sums);
    case Form::kPairsAndNarrow:
      pairs_.sum(factors.wide, weights.data() + narrow_words(factors), codes, num_images, sums);
      return bytes_.add_narrow(factors.narrow, safe_quads(factors), weights.data(), codes,
                               num_images, sums);
    case Form::kChannels:
      break;
  }
  channels_.sum(factors.words, weights.data(), codes, num_images, sums);
}

bool FactorProduct::sum_windows(const Factors& factors, const Words& weights,
                                const ChosenWindows& windows, std::uint32_t* sums) const {
  if (form(factors) != Form::kBytes) return false;
  bytes_.sum_windows(factors.bytes, weights.data(), windows, sums);
  return true;
}

}  // namespace deepaxe::kernel::table
