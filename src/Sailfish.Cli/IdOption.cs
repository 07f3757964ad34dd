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
