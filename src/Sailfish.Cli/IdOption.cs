using System.CommandLine;
using Sailfish.Protocol;

namespace Sailfish.Cli;

/// <summary>Options that name a user or a room.</summary>
internal static class IdOption
{
    public static Option<long> User(string name, string description) => Make<long>(name, description, true, Ids.MinUser);

    public static Option<long?> OptionalUser(string name, string description) => Make<long?>(name, description, false, Ids.MinUser);

    public static Option<long> Room(string name, string description) => Make<long>(name, description, true, 1);

    public static Option<long?> OptionalRoom(string name, string description) => Make<long?>(name, description, false, 1);

    /// <summary>Rooms, by an option that may come again.</summary>
    public static Option<long[]> Rooms(string name, string description, int max)
    {
        var option = new Option<long[]>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (!result.Tokens.All(token => Ids.TryParse(token.Value, out var id) && Ids.IsRoom(id)))
                result.AddError($"{name} is a number, 1 to {Ids.Max}.");
            else if (result.Tokens.Count > max)
                result.AddError($"{name} is given at most {max} times.");
        });
        return option;
    }

    private static Option<T> Make<T>(string name, string description, bool required, long min)
    {
        var option = new Option<T>(name) { Description = description, Required = required };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Ids.TryParse(token.Value, out var id) && id >= min && id <= Ids.Max)
                return;
            if (result.Tokens.Count > 0)
                result.AddError($"{name} is a number, {min} to {Ids.Max}.");
        });
        return option;
    }
}
