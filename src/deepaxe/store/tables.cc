#include "deepaxe/store/tables.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "deepaxe/store/blob.h"

namespace deepaxe::store {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE study(field TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE layer(position INTEGER PRIMARY KEY, name TEXT, kind TEXT, computing INTEGER,
  stores_tensor INTEGER, elements INTEGER, macs INTEGER);
CREATE TABLE tensor(position INTEGER PRIMARY KEY, name TEXT, elements INTEGER);
CREATE TABLE point(key TEXT PRIMARY KEY, measurement TEXT, assignment TEXT, mask TEXT, multiplier TEXT, aliases TEXT,
  status TEXT, gate TEXT, gate_value REAL, gate_limit REAL, correct INTEGER, images INTEGER,
  outputs TEXT, memory TEXT, schedule TEXT, weight_memory TEXT, cycles INTEGER, cycles_source TEXT, cycles_engine INTEGER, lut REAL, ff REAL, dsp REAL, bram REAL,
  utilization_fraction REAL, baseline TEXT, cost_source TEXT, energy_nj REAL, max_mhz REAL);
CREATE TABLE fault(measurement TEXT PRIMARY KEY, pairs INTEGER, faults INTEGER,
  masked INTEGER, changed_same_class INTEGER, harmful INTEGER, beneficial INTEGER, neutral INTEGER,
  detected INTEGER, corrected INTEGER, hang INTEGER, sdc_rate REAL, vulnerability REAL,
  sdc_low REAL, sdc_high REAL,
  vulnerability_low REAL, vulnerability_high REAL, method TEXT, stop_reason TEXT,
  rechecked INTEGER, seconds REAL, changes BLOB, by_tensor_bit BLOB);
CREATE TABLE view(objectives TEXT);
CREATE TABLE view_point(position INTEGER PRIMARY KEY, key TEXT, on_front INTEGER,
  dominated_by TEXT, tied_with TEXT);
)sql";

constexpr double kNull = std::numeric_limits<double>::quiet_NaN();  // SQLite stores it as NULL.

// Binds the arguments to the parameters 1, 2...; the statement can be used again.
template <typename... Values>
void run(SQLite::Statement& statement, const Values&... values) {
  statement.reset();
  int index = 0;
  (statement.bind(++index, values), ...);
  statement.exec();
}

// Reads the columns of a row from left to right.
class RowReader {
 public:
  explicit RowReader(const SQLite::Statement& statement) : statement_(statement) {}

  std::string text() { return column().getString(); }
  std::int64_t integer() { return column().getInt64(); }
  double real() { return column().getDouble(); }
  bool boolean() { return integer() != 0; }
  std::optional<double> optional_real() {
    const SQLite::Column value = column();
    return value.isNull() ? std::nullopt : std::optional(value.getDouble());
  }

 private:
  SQLite::Column column() { return statement_.getColumn(next_++); }

  const SQLite::Statement& statement_;
  int next_ = 0;
};

std::string to_json(const std::vector<std::string>& texts) {
  return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> from_json(const std::string& text) {
  return nlohmann::json::parse(text).get<std::vector<std::string>>();
}

std::string to_json(const std::vector<ReferenceCost>& references) {
  nlohmann::json json = nlohmann::json::array();
  for (const ReferenceCost& r : references) {
    json.push_back({{"baseline", r.baseline},
                    {"lut", r.lut},
                    {"ff", r.ff},
                    {"dsp", r.dsp},
                    {"bram", r.bram},
                    {"utilization_fraction", r.utilization_fraction},
                    {"outputs", r.hardware.outputs},
                    {"memory", r.hardware.memory},
                    {"schedule", r.hardware.schedule},
                    {"weight_memory", r.hardware.weight_memory},
                    {"cycles", r.cycles}});
  }
  return json.dump();
}

std::vector<ReferenceCost> read_references(const std::string& text) {
  std::vector<ReferenceCost> references;
  for (const nlohmann::json& json : nlohmann::json::parse(text)) {
    references.push_back({.baseline = json.at("baseline"),
                          .lut = json.at("lut"),
                          .ff = json.at("ff"),
                          .dsp = json.at("dsp"),
                          .bram = json.at("bram"),
                          .utilization_fraction = json.at("utilization_fraction"),
                          .hardware = {.outputs = json.at("outputs").get<std::vector<int>>(),
                                       .memory = json.at("memory"),
                                       .schedule = json.at("schedule"),
                                       .weight_memory = json.at("weight_memory")},
                          .cycles = json.at("cycles")});
  }
  return references;
}

PointStatus parse_status(const std::string& text) {
  for (const PointStatus status :
       {PointStatus::kEvaluated, PointStatus::kGated, PointStatus::kInjected}) {
    if (text == status_name(status)) return status;
  }
  throw std::runtime_error(fmt::format("a point with status '{}'", text));
}

CostRecord read_cost(RowReader& row) {
  CostRecord cost;
  cost.cycles = row.integer();
  cost.cycles_source = row.text();
  cost.cycles_engine = row.integer();
  cost.lut = row.real();
  cost.ff = row.real();
  cost.dsp = row.real();
  cost.bram = row.real();
  cost.utilization_fraction = row.real();
  cost.baseline = row.text();
  cost.source = row.text();
  cost.energy_nj = row.optional_real();
  cost.max_mhz = row.optional_real();
  return cost;
}

FaultRecord read_fault(RowReader& row) {
  FaultRecord fault;
  fault.pairs = row.integer();
  fault.faults = static_cast<std::uint64_t>(row.integer());
  for (std::int64_t& count : fault.counts) count = row.integer();
  fault.sdc_rate = row.real();
  fault.vulnerability = row.real();
  fault.sdc_low = row.real();
  fault.sdc_high = row.real();
  fault.vulnerability_low = row.real();
  fault.vulnerability_high = row.real();
  fault.method = row.text();
  fault.stop_reason = row.text();
  fault.rechecked = row.integer();
  fault.seconds = row.real();
  fault.changes = decode_changes(row.text());
  fault.by_tensor_bit = decode_counts(row.text());
  return fault;
}

PointRecord read_point(const SQLite::Statement& statement) {
  RowReader row(statement);
  PointRecord point;
  const bool has_faults = row.boolean();
  point.key = row.text();
  point.measurement = row.text();
  point.assignment = row.text();
  point.mask = row.text();
  point.multiplier = row.text();
  point.aliases = from_json(row.text());
  point.status = parse_status(row.text());
  point.gate = row.text();
  point.gate_value = row.real();
  point.gate_limit = row.real();
  point.correct = row.integer();
  point.images = row.integer();
  point.hardware.outputs = nlohmann::json::parse(row.text()).get<std::vector<int>>();
  point.hardware.memory = row.text();
  point.hardware.schedule = row.text();
  point.hardware.weight_memory = from_json(row.text());
  point.cost = read_cost(row);
  if (has_faults) point.faults = read_fault(row);
  return point;
}

void write_point(SQLite::Statement& statement, const PointRecord& point) {
  const CostRecord& cost = point.cost;
  run(statement, point.key, point.measurement, point.assignment, point.mask, point.multiplier,
      to_json(point.aliases), status_name(point.status), point.gate, point.gate_value,
      point.gate_limit, point.correct, point.images, nlohmann::json(point.hardware.outputs).dump(),
      point.hardware.memory, point.hardware.schedule, to_json(point.hardware.weight_memory),
      cost.cycles, cost.cycles_source, cost.cycles_engine, cost.lut, cost.ff, cost.dsp, cost.bram,
      cost.utilization_fraction, cost.baseline, cost.source, cost.energy_nj.value_or(kNull),
      cost.max_mhz.value_or(kNull));
}

void write_fault(SQLite::Statement& statement, const std::string& measurement,
                 const FaultRecord& fault) {
  const std::string changes = encode_changes(fault.changes);
  const std::string by_tensor_bit = encode_counts(fault.by_tensor_bit);
  statement.reset();
  int index = 0;
  statement.bind(++index, measurement);
  statement.bind(++index, fault.pairs);
  statement.bind(++index, static_cast<std::int64_t>(fault.faults));
  for (const std::int64_t count : fault.counts) statement.bind(++index, count);
  for (const double value : {fault.sdc_rate, fault.vulnerability, fault.sdc_low, fault.sdc_high,
                             fault.vulnerability_low, fault.vulnerability_high}) {
    statement.bind(++index, value);
  }
  statement.bind(++index, fault.method);
  statement.bind(++index, fault.stop_reason);
  statement.bind(++index, fault.rechecked);
  statement.bind(++index, fault.seconds);
  statement.bind(++index, changes.data(), static_cast<int>(changes.size()));
  statement.bind(++index, by_tensor_bit.data(), static_cast<int>(by_tensor_bit.size()));
  statement.exec();
}

// The scalar fields of `info` by name, in the table `study`.
std::map<std::string, std::string> scalar_fields(const StudyInfo& info) {
  return {{"program_version", info.program_version},
          {"model_name", info.model_name},
          {"model_key", info.model_key},
          {"data_name", info.data_name},
          {"data_key", info.data_key},
          {"num_images", std::to_string(info.num_images)},
          {"seed", std::to_string(info.seed)},
          {"options", info.options},
          {"hardware_models", info.hardware_models},
          {"cost_source", info.cost_source},
          {"exact_key", info.exact_key},
          {"references", to_json(info.references)}};
}

}  // namespace

void create_tables(SQLite::Database& database, int schema_version, const StudyInfo& info) {
  database.exec(kSchema);
  SQLite::Statement field(database, "INSERT INTO study VALUES (?,?)");
  for (const auto& [name, value] : scalar_fields(info)) run(field, name, value);
  SQLite::Statement layer(database, "INSERT INTO layer VALUES (?,?,?,?,?,?,?)");
  std::int64_t position = 0;
  for (const LayerInfo& l : info.layers) {
    run(layer, position++, l.name, l.kind, int{l.computing}, int{l.stores_tensor}, l.elements,
        l.macs);
  }
  SQLite::Statement tensor(database, "INSERT INTO tensor VALUES (?,?,?)");
  position = 0;
  for (const TensorInfo& t : info.tensors) run(tensor, position++, t.name, t.elements);
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.exec(fmt::format("PRAGMA user_version = {}", schema_version));
}

void write_references(SQLite::Database& database, const std::vector<ReferenceCost>& references) {
  SQLite::Statement field(database, "UPDATE study SET value = ? WHERE field = 'references'");
  run(field, to_json(references));
}

StudyInfo read_info(SQLite::Database& database) {
  StudyInfo info;
  std::map<std::string, std::string> fields;
  SQLite::Statement field(database, "SELECT field, value FROM study");
  while (field.executeStep())
    fields[field.getColumn(0).getString()] = field.getColumn(1).getString();
  info.program_version = fields["program_version"];
  info.model_name = fields["model_name"];
  info.model_key = fields["model_key"];
  info.data_name = fields["data_name"];
  info.data_key = fields["data_key"];
  info.num_images = std::stoll(fields.at("num_images"));
  info.seed = std::stoull(fields.at("seed"));
  info.options = fields["options"];
  info.hardware_models = fields["hardware_models"];
  info.cost_source = fields["cost_source"];
  info.exact_key = fields["exact_key"];
  if (fields.contains("references")) info.references = read_references(fields["references"]);
  SQLite::Statement layer(database,
                          "SELECT name, kind, computing, stores_tensor, elements, macs FROM layer "
                          "ORDER BY position");
  while (layer.executeStep()) {
    RowReader row(layer);
    LayerInfo& l = info.layers.emplace_back();
    l.name = row.text();
    l.kind = row.text();
    l.computing = row.boolean();
    l.stores_tensor = row.boolean();
    l.elements = row.integer();
    l.macs = row.integer();
  }
  SQLite::Statement tensor(database, "SELECT name, elements FROM tensor ORDER BY position");
  while (tensor.executeStep()) {
    info.tensors.push_back({tensor.getColumn(0).getString(), tensor.getColumn(1).getInt64()});
  }
  return info;
}

void write_points(SQLite::Database& database, std::span<const PointRecord> points) {
  SQLite::Statement no_fault(database, "DELETE FROM fault WHERE measurement = ?");
  SQLite::Statement point(database,
                          "INSERT OR REPLACE INTO point VALUES "
                          "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  SQLite::Statement fault(database,
                          "INSERT OR REPLACE INTO fault VALUES "
                          "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  std::set<std::string> measured;  // Neighbours share their faults: written once.
  for (const PointRecord& record : points) {
    write_point(point, record);
    if (!measured.insert(record.measurement).second) continue;
    if (record.faults) {
      write_fault(fault, record.measurement, *record.faults);
    } else {
      run(no_fault, record.measurement);
    }
  }
}

std::vector<PointRecord> read_points(SQLite::Database& database) {
  SQLite::Statement rows(
      database,
      "SELECT fault.measurement IS NOT NULL, point.*, pairs, faults, masked, changed_same_class, "
      "harmful, "
      "beneficial, neutral, detected, corrected, hang, sdc_rate, vulnerability, sdc_low, "
      "sdc_high, vulnerability_low, "
      "vulnerability_high, method, stop_reason, rechecked, seconds, changes, by_tensor_bit "
      "FROM point LEFT JOIN fault ON fault.measurement = point.measurement "
      "ORDER BY multiplier <> 'exact', multiplier, mask, assignment, baseline, memory, "
      "schedule, weight_memory, length(outputs), outputs, point.key");
  std::vector<PointRecord> points;
  while (rows.executeStep()) points.push_back(read_point(rows));
  return points;
}

void write_view(SQLite::Database& database, const View& view) {
  database.exec("DELETE FROM view; DELETE FROM view_point");
  SQLite::Statement objectives(database, "INSERT INTO view VALUES (?)");
  run(objectives, to_json(view.objectives));
  SQLite::Statement point(database, "INSERT INTO view_point VALUES (?,?,?,?,?)");
  std::int64_t position = 0;
  for (const ViewPoint& p : view.points) {
    run(point, position++, p.key, int{p.on_front}, p.dominated_by, to_json(p.tied_with));
  }
}

View read_view(SQLite::Database& database) {
  View view;
  SQLite::Statement objectives(database, "SELECT objectives FROM view");
  if (!objectives.executeStep()) return view;
  view.objectives = from_json(objectives.getColumn(0).getString());
  SQLite::Statement rows(
      database, "SELECT key, on_front, dominated_by, tied_with FROM view_point ORDER BY position");
  while (rows.executeStep()) {
    RowReader row(rows);
    ViewPoint& point = view.points.emplace_back();
    point.key = row.text();
    point.on_front = row.boolean();
    point.dominated_by = row.text();
    point.tied_with = from_json(row.text());
  }
  return view;
}

}  // namespace deepaxe::store
