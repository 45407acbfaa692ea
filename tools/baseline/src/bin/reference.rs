//! The least that answers with calls to DynamoDB over TLS: by the client that the functions use, and nothing of theirs beside it.
//!
//! Which calls is said by the path: `/secret/` fetches the secret and then reads an item, as a first request by token must, `/two/`
//! reads an item and then another, as a first one by API key must, `/one/` reads one. Any other makes the calls of an admitted
//! `GET /api/auth/status/`, side by side.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnValue};
use lambda_http::{Body, Error, Request, Response, service_fn};
use shared::store::aws::{self, Settings};

fn main() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, secrets) = aws::clients(&Settings::from_env()?, aws::over(aws::connector_from_env()?));
        let secret_id = std::env::var("SECRET_ID")?;
        lambda_http::run(service_fn(|request: Request| {
            let (client, secrets, secret_id) = (client.clone(), secrets.clone(), secret_id.clone());
            async move {
                let path = request.uri().path();
                if path.contains("secret") {
                    secrets.get_secret_value().secret_id(secret_id).send().await?;
                    one(&client).await?;
                } else if path.contains("two") {
                    one(&client).await?;
                    one(&client).await?;
                } else if path.contains("one") {
                    one(&client).await?;
                } else {
                    Box::pin(admission(&client)).await?;
                }
                Ok::<_, Error>(Response::new(Body::from("hello")))
            }
        }))
        .await
    })
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

async fn one(client: &Client) -> Result<(), Error> {
    let get = client.get_item().table_name("entities").consistent_read(true);
    get.key("pk", text("ORG#1")).key("sk", text("ORG")).send().await?;
    Ok(())
}

async fn admission(client: &Client) -> Result<(), Error> {
    let key = |sk| HashMap::from([("pk".to_owned(), text("ORG#1")), ("sk".to_owned(), text(sk))]);
    let keys = KeysAndAttributes::builder().keys(key("USER#1")).keys(key("ORG")).consistent_read(true);
    let read = client.batch_get_item().request_items("entities", keys.build()?).send();
    let count = client
        .update_item()
        .table_name("counters")
        .key("pk", text("reference"))
        .update_expression("ADD n :one SET expires_at = :end")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .expression_attribute_values(":end", AttributeValue::N("4102444800".to_owned()))
        .return_values(ReturnValue::UpdatedNew)
        .send();
    let (read, count) = tokio::join!(read, count);
    read?;
    count?;
    Ok(())
}
