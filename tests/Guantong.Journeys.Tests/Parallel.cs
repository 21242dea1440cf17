// Journeys wait for pages and for the database more than they compute: four at a time keep two cores busy.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
