//! What goes on beside the API, as its own functions and services do on AWS: jobs, and schedules that are due.

use std::io;

use engine::web::Web;
use shared::App;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use crate::queue::{Handler, Queue};
use crate::stores::Stores;

/// What goes on until it is stopped.
#[derive(Debug)]
pub struct Background {
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Background {
    /// Begins to do the jobs of an app over these stores, and to let its schedules be due.
    pub fn start(stores: &Stores, app: &App) -> io::Result<Self> {
        let mut background = Self { stopping: watch::Sender::new(false), tasks: JoinSet::new() };
        let (schedules, mail) = stores.of_reports().map_err(io::Error::other)?;
        let outside = run_reports::Outside::new(app, schedules, Some(mail))?;
        let schedules = stores.of_imports().map_err(io::Error::other)?;
        let web = Web::public().map_err(io::Error::other)?;
        let (imports, of_imports) = (app.clone(), ingest_data::Outside { web, schedules });
        let imports = Handler::new(move |event| {
            let (app, outside) = (imports.clone(), of_imports.clone());
            async move {
                let answer = ingest_data::handle(app, outside, serde_json::from_value(event)?).await?;
                Ok(serde_json::to_value(answer)?)
            }
        });
        let reports = app.clone();
        let reports = Handler::new(move |event| {
            let (app, outside) = (reports.clone(), outside.clone());
            async move {
                let answer = run_reports::handle(app, outside, serde_json::from_value(event)?).await?;
                Ok(serde_json::to_value(answer)?)
            }
        });
        background.consume(stores.jobs().clone(), imports);
        background.consume(stores.reports().clone(), reports);
        let (scheduler, stopped) = (stores.scheduler().clone(), background.stopped());
        background.tasks.spawn(async move { scheduler.run(stopped).await });
        Ok(background)
    }

    fn consume(&mut self, queue: Queue, handler: Handler) {
        let stopped = self.stopped();
        self.tasks.spawn(async move { queue.run(handler, stopped).await });
    }

    fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.subscribe();
        async move {
            // Fails when nobody can stop it any more.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }

    /// Stops once what is being done has ended, or after some seconds.
    pub async fn stop(mut self) -> Result<(), JoinError> {
        self.stopping.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended?;
        }
        Ok(())
    }
}
