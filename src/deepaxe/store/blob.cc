#include "deepaxe/store/blob.h"

#include <stdexcept>
#include <string_view>

namespace deepaxe::store {
namespace {

static_assert(kNumOutcomes == 8, "an outcome takes the three low bits of a change");

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(static_cast<unsigned char>(value | 0x80));
    value >>= 7;
  }
  out += static_cast<char>(static_cast<unsigned char>(value));
}

class Reader {
 public:
  explicit Reader(std::string_view blob) : blob_(blob) {}

  bool at_end() const noexcept { return position_ == blob_.size(); }

  std::uint64_t next() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_end()) throw std::runtime_error("a blob that ends inside a number");
      const auto byte = static_cast<unsigned char>(blob_[position_++]);
      const auto bits = static_cast<std::uint64_t>(byte & 0x7F);
      if (bits << shift >> shift != bits) break;  // The tenth byte holds one bit only.
      value |= bits << shift;
      if ((byte & 0x80) == 0) return value;
    }
    throw std::runtime_error("a blob with a number above 64 bits");
  }

 private:
  std::string_view blob_;
  std::size_t position_ = 0;
};

}  // namespace

std::string encode_changes(std::span<const ClassChange> changes) {
  std::string blob;
  std::uint64_t previous = 0;
  for (const ClassChange& change : changes) {
    const std::uint64_t step = change.pair - previous;
    if (change.pair < previous || step >> 61 != 0) {
      throw std::invalid_argument("class changes must ascend by pair and stay below 2^61");
    }
    append_varint(blob, step << 3 | static_cast<std::uint64_t>(change.outcome));
    previous = change.pair;
  }
  return blob;
}

std::vector<ClassChange> decode_changes(std::string_view blob) {
  std::vector<ClassChange> changes;
  std::uint64_t pair = 0;
  for (Reader reader(blob); !reader.at_end();) {
    const std::uint64_t value = reader.next();
    if (pair + (value >> 3) < pair) throw std::runtime_error("a blob whose pairs overflow");
    pair += value >> 3;
    changes.push_back({pair, static_cast<Outcome>(value & 7)});
  }
  return changes;
}

std::string encode_counts(std::span<const OutcomeCounts> counts) {
  std::string blob;
  for (const OutcomeCounts& of_bit : counts) {
    for (const std::int64_t count : of_bit) append_varint(blob, static_cast<std::uint64_t>(count));
  }
  return blob;
}

std::vector<OutcomeCounts> decode_counts(std::string_view blob) {
  std::vector<OutcomeCounts> counts;
  for (Reader reader(blob); !reader.at_end();) {
    OutcomeCounts& of_bit = counts.emplace_back();
    for (std::int64_t& count : of_bit) count = static_cast<std::int64_t>(reader.next());
  }
  return counts;
}

}  // namespace deepaxe::store
