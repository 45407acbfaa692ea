//! The tables, as `template.yaml` declares them.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TimeToLiveSpecification,
};
use shared::base::error::chain;
use shared::store::Tables;

use crate::start_error::StartError;

/// The attribute of `counters` that DynamoDB deletes items by.
const TIME_TO_LIVE: &str = "expires_at";

/// The names that the tables have locally.
pub fn names() -> Tables {
    Tables { entities: "entities".to_owned(), counters: "counters".to_owned() }
}

/// Makes the tables that are not there yet.
pub async fn create(client: &Client, tables: &Tables) -> Result<(), StartError> {
    create_table(client, &tables.entities, &["pk", "sk"]).await?;
    if create_table(client, &tables.counters, &["pk"]).await? {
        let time_to_live =
            TimeToLiveSpecification::builder().attribute_name(TIME_TO_LIVE).enabled(true).build();
        client
            .update_time_to_live()
            .table_name(&tables.counters)
            .time_to_live_specification(time_to_live.map_err(|error| failed(&tables.counters, &error))?)
            .send()
            .await
            .map_err(|error| failed(&tables.counters, &error))?;
    }
    Ok(())
}

/// Whether the table was made now.
async fn create_table(client: &Client, name: &str, key: &[&str]) -> Result<bool, StartError> {
    let mut request = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for (attribute, key_type) in key.iter().zip([KeyType::Hash, KeyType::Range]) {
        let schema = KeySchemaElement::builder().attribute_name(*attribute).key_type(key_type).build();
        let definition = AttributeDefinition::builder()
            .attribute_name(*attribute)
            .attribute_type(ScalarAttributeType::S)
            .build();
        request = request
            .key_schema(schema.map_err(|error| failed(name, &error))?)
            .attribute_definitions(definition.map_err(|error| failed(name, &error))?);
    }
    match request.send().await {
        Ok(_) => Ok(true),
        Err(error)
            if error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception) =>
        {
            Ok(false)
        }
        Err(error) => Err(failed(name, &error)),
    }
}

fn failed(table: &str, error: &(dyn std::error::Error + 'static)) -> StartError {
    StartError(format!("The table {table} could not be made: {}.", chain(error)))
}
