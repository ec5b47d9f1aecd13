#include "deepaxe/store/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/store/tables.h"

namespace deepaxe::store {
namespace {

using base::InputError;

constexpr int kBusyMilliseconds = 10'000;  // Another process may be writing to the same study.

// Runs `body`; failures of SQLite become one-line input errors.
template <typename Body>
auto guarded(const std::filesystem::path& path, const char* expected, Body body) {
  try {
    return body();
  } catch (const SQLite::Exception& error) {
    throw InputError({path.string(), "", error.getErrorStr(), expected});
  }
}

// As guarded, for reading: content that is no record is an input error, too.
template <typename Body>
auto guarded_read(const std::filesystem::path& path, const char* expected, Body body) {
  try {
    return guarded(path, expected, body);
  } catch (const InputError&) {
    throw;
  } catch (const std::logic_error&) {  // std::map::at, std::stoll.
    throw InputError({path.string(), "study", "a field that is missing or no number", expected});
  } catch (const std::exception& error) {
    throw InputError({path.string(), "record", error.what(), expected});
  }
}

constexpr const char* kReadable = "a DeepAxe study";
constexpr const char* kWritable = "a study that can be written, on a disk with space";

// The name where it tells the two apart, else the beginning of the content key.
std::string named(const std::string& name, const std::string& key) {
  return fmt::format("{} (sha256 {})", name, key.substr(0, 12));
}

// The first option that differs, as {name, found, expected}; one that a study lacks has its
// default.
InputError options_error(const std::string& file, const std::string& found,
                         const std::string& expected) {
  const auto a = nlohmann::json::parse(found, nullptr, false);
  const auto b = nlohmann::json::parse(expected, nullptr, false);
  const auto value_of = [](const nlohmann::json& options, const std::string& name) {
    return options.contains(name) ? options[name].dump() : "the default";
  };
  if (a.is_object() && b.is_object()) {
    nlohmann::json all = a;
    all.update(b);
    for (const auto& [name, value] : all.items()) {
      const std::string old = value_of(a, name), wanted = value_of(b, name);
      if (old == wanted) continue;
      return InputError({file, "option " + name, "a study made with " + old, wanted});
    }
  }
  return InputError({file, "options", "a study made with " + found, expected});
}

void check_same_study(const std::string& file, const StudyInfo& found, const StudyInfo& expected) {
  if (found.model_key != expected.model_key) {
    throw InputError({file, "model", "a study of model " + named(found.model_name, found.model_key),
                      named(expected.model_name, expected.model_key)});
  }
  if (found.data_key != expected.data_key || found.num_images != expected.num_images) {
    const auto text = [](const StudyInfo& info) {
      return fmt::format("{} images of {}", info.num_images, named(info.data_name, info.data_key));
    };
    throw InputError({file, "data", "a study of " + text(found), text(expected)});
  }
  if (found.seed != expected.seed) {
    throw InputError({file, "seed", "a study made with " + std::to_string(found.seed),
                      std::to_string(expected.seed)});
  }
  if (found.options != expected.options) {
    throw options_error(file, found.options, expected.options);
  }
  if (found.hardware_models != expected.hardware_models) {
    const std::string& models = found.hardware_models;
    throw InputError({file, "hardware figures",
                      "those of " + (models.empty() ? "an older program" : models),
                      expected.hardware_models + "; explore anew, or with that program"});
  }
}

// Those of `more` take the place of the same hardware's.
std::vector<ReferenceCost> joined_references(std::vector<ReferenceCost> references,
                                             const std::vector<ReferenceCost>& more) {
  std::erase_if(references, [&](const ReferenceCost& old) {
    return std::ranges::any_of(
        more, [&](const ReferenceCost& each) { return each.hardware == old.hardware; });
  });
  references.insert(references.end(), more.begin(), more.end());
  std::ranges::stable_sort(references, {}, &ReferenceCost::hardware);
  return references;
}

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

bool is_empty(SQLite::Database& database) {
  return pragma(database, "application_id") == 0 &&
         database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
}

void check_is_study(SQLite::Database& database, const std::string& file) {
  if (is_empty(database)) throw InputError({file, "", "an empty database", kReadable});
  if (pragma(database, "application_id") != kApplicationId) {
    throw InputError({file, "", "the SQLite database of another program", kReadable});
  }
  const int version = pragma(database, "user_version");
  if (version != Study::kSchemaVersion) {
    const char* age = version < Study::kSchemaVersion ? " (of an older program: explore anew)" : "";
    throw InputError({file, "schema version", std::to_string(version) + age,
                      std::to_string(Study::kSchemaVersion)});
  }
}

// Full synchronous: a commit that returned survives the loss of power, too.
void configure(SQLite::Database& database) {
  database.setBusyTimeout(kBusyMilliseconds);
  database.exec("PRAGMA synchronous = FULL");
}

}  // namespace

struct Study::Impl {
  Impl(const std::filesystem::path& file, int flags)
      : path(file), database(std::filesystem::absolute(file).string(), flags) {
    configure(database);
  }

  // One transaction around `body`; rolled back if it throws.
  template <typename Body>
  void commit(Body body) {
    guarded(path, kWritable, [&] {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      body();
      transaction.commit();
    });
  }

  std::filesystem::path path;
  mutable SQLite::Database database;
  StudyInfo info;
};

Study::Study(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;
Study::~Study() = default;

Study Study::open_or_create(const std::filesystem::path& path, const StudyInfo& info) {
  std::error_code ignored;
  const bool existed = std::filesystem::exists(path, ignored);
  try {
    return guarded_read(path, "a DeepAxe study, or a writable folder to make one in", [&] {
      auto impl = std::make_unique<Impl>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      if (is_empty(impl->database)) {
        impl->commit([&] { create_tables(impl->database, kSchemaVersion, info); });
      } else {
        check_is_study(impl->database, path.string());
        check_same_study(path.string(), read_info(impl->database), info);
      }
      const std::vector<ReferenceCost> known = read_info(impl->database).references;
      const auto joined = joined_references(known, info.references);
      if (joined != known) impl->commit([&] { write_references(impl->database, joined); });
      impl->info = read_info(impl->database);
      return Study(std::move(impl));
    });
  } catch (const InputError&) {
    if (!existed) std::filesystem::remove(path, ignored);  // Nothing half made is left behind.
    throw;
  }
}

Study Study::open_existing(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw InputError({path.string(), "", "no such file", kReadable});
  }
  return guarded_read(path, kReadable, [&] {
    auto impl = std::make_unique<Impl>(path, SQLite::OPEN_READWRITE);
    check_is_study(impl->database, path.string());
    impl->info = read_info(impl->database);
    return Study(std::move(impl));
  });
}

const std::filesystem::path& Study::path() const noexcept { return impl_->path; }
const StudyInfo& Study::info() const noexcept { return impl_->info; }

void Study::put(const PointRecord& point) { put(std::span(&point, 1)); }

void Study::put(std::span<const PointRecord> points) {
  impl_->commit([&] { write_points(impl_->database, points); });
}

bool Study::has(const std::string& key) const {
  return guarded_read(impl_->path, kReadable, [&] {
    SQLite::Statement query(impl_->database, "SELECT 1 FROM point WHERE key = ?");
    query.bind(1, key);
    return query.executeStep();
  });
}

std::vector<PointRecord> Study::points() const {
  return guarded_read(impl_->path, kReadable, [&] { return read_points(impl_->database); });
}

View Study::view() const {
  return guarded_read(impl_->path, kReadable, [&] { return read_view(impl_->database); });
}

void Study::set_view(const View& view) {
  impl_->commit([&] { write_view(impl_->database, view); });
}

}  // namespace deepaxe::store
