namespace Sailfish.Server.Storage;

/// <summary>What becomes the rows of a table in another store.</summary>
/// <param name="Name">Of the table that gets them.</param>
/// <param name="Select">Gives them here, its columns named as there. <c>@now</c> in it is the moment of the move, in milliseconds since 1970.</param>
internal sealed record MovedTable(string Name, string Select);
