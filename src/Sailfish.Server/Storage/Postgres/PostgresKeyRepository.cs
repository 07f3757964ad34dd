using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>What signs the cookies of the page, in a table: who signed in through one node is known to all.</summary>
internal sealed class PostgresKeyRepository(PostgresDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.Source.OpenConnection();
        return connection.List(row => XElement.Parse(row.GetString(0), LoadOptions.PreserveWhitespace), "SELECT content FROM cookie_key ORDER BY name");
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.Source.OpenConnection();
        var commit = new CommitWatch(connection);
        connection.Execute(
            "INSERT INTO cookie_key (name, content) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET content = excluded.content",
            friendlyName, element.ToString(SaveOptions.DisableFormatting));
        commit.ThrowIfInDoubt();
    }
}
