namespace Sailfish.Server.Storage.Postgres;

/// <summary>What a transaction tells the planner, which else goes by what a table was like when it was last looked at.</summary>
internal static class PlanSql
{
    /// <summary>
    /// For a SELECT: until the transaction ends each row is looked up, and no table read whole for a few of it. A plan that was
    /// made while it was small, or whose rows are not counted yet, must not read all of a large one.
    /// </summary>
    public const string LookUp =
        "set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)";
}
