// Study: the points of one exploration in one SQLite file.
//
// Constraints: survives kill -9 at any moment: every write is one transaction of SQLite's rollback
// journal with synchronous=FULL, and no other file is left behind. Plain SQL tables, so that any
// SQLite tool reads them. Size: about 0.4 KB for a point without faults, 3-10 KB with them.
//
// Schema, version 5 (PRAGMA application_id = 0x44417865 "DAxe", user_version = 5):
//   study(field TEXT PRIMARY KEY, value TEXT)         the scalar fields of StudyInfo
//   layer(position INTEGER PRIMARY KEY, name, kind, computing, stores_tensor, elements, macs)
//   tensor(position INTEGER PRIMARY KEY, name, elements)
//   point(key TEXT PRIMARY KEY, measurement, assignment, mask, multiplier, aliases (JSON array),
//         status, gate, gate_value, gate_limit, correct, images, outputs (JSON array), memory,
//         schedule, weight_memory (JSON array), cycles, cycles_source, cycles_engine, lut, ff, dsp,
//         bram, utilization_fraction, baseline, cost_source)
//   fault(measurement TEXT PRIMARY KEY, pairs, faults, masked, changed_same_class, harmful,
//   beneficial,
//         neutral, detected, corrected, hang, sdc_rate, vulnerability, sdc_low, sdc_high,
//         vulnerability_low, vulnerability_high, method, stop_reason, rechecked, seconds, changes
//         BLOB, by_tensor_bit BLOB)         at most one row for the points of a measurement
//   view(objectives TEXT), view_point(position INTEGER PRIMARY KEY, key, on_front, dominated_by,
//         tied_with (JSON array))                      replaced as a whole
// Blobs are LEB128 varints: `changes` holds (pair - previous pair) * 8 + outcome, the first
// "previous" being 0; `by_tensor_bit` holds [t * 8 + bit][class of images][outcome].
//
// Duplicates: one row for a key; a later put replaces the whole point, and the faults of its
// measurement.
// Repair: none needed; SQLite rolls an unfinished transaction back when the file is next opened.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/store/record.h"

namespace deepaxe::store {

/// Not thread-safe. Every failure of the file (unwritable, disk full, damaged, no study) is
/// base::InputError, one line.
class Study {
 public:
  static constexpr int kSchemaVersion = 5;

  /// Opens the study at `path`, or makes it. Throws base::InputError, naming the field, what was
  /// found and what was expected, if the file is a study of another model, data set or options; the
  /// file is then as it was.
  static Study open_or_create(const std::filesystem::path& path, const StudyInfo& info);
  /// Opens a study that must exist. It can be written to where the file can.
  static Study open_existing(const std::filesystem::path& path);

  Study(Study&&) noexcept;
  Study& operator=(Study&&) noexcept;
  ~Study();

  const std::filesystem::path& path() const noexcept;
  const StudyInfo& info() const noexcept;

  /// One transaction; returns after it is on disk.
  void put(const PointRecord& point);
  void put(std::span<const PointRecord> points);

  bool has(const std::string& key) const;
  /// Exact first, then by multiplier, mask, assignment and key: the order does not depend on the
  /// order of writing.
  std::vector<PointRecord> points() const;

  /// The last view stored; without objectives if there is none.
  View view() const;
  void set_view(const View& view);

 private:
  struct Impl;
  explicit Study(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace deepaxe::store
