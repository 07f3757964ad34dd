using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A row of <c>change</c>.</summary>
/// <param name="Id">Its number; not in the order of the commits.</param>
/// <param name="At">When it was written, which may be long before others could read it.</param>
/// <param name="Change">What it says.</param>
internal sealed record ChangeRow(long Id, DateTime At, Change Change);
