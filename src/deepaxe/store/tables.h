// The tables of the study file: SQL of the schema, and rows to records and back.
// All functions let SQLite::Exception through; Study turns it into base::InputError.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <span>
#include <string>
#include <vector>

#include "deepaxe/store/record.h"

namespace deepaxe::store {

inline constexpr int kApplicationId = 0x44417865;  // "DAxe"

/// Makes all tables and stores `info`, inside the caller's transaction.
void create_tables(SQLite::Database& database, int schema_version, const StudyInfo& info);

/// Instead of those that are there.
void write_references(SQLite::Database& database, const std::vector<ReferenceCost>& references);

StudyInfo read_info(SQLite::Database& database);

/// Inserts or replaces, inside the caller's transaction.
void write_points(SQLite::Database& database, std::span<const PointRecord> points);
std::vector<PointRecord> read_points(SQLite::Database& database);

void write_view(SQLite::Database& database, const View& view);
View read_view(SQLite::Database& database);

}  // namespace deepaxe::store
