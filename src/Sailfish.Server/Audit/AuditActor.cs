using System.Globalization;
using System.Net;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Audit;

/// <summary>Who does something, and from where. Ids and not names: a log is read by more people than the accounts are.</summary>
/// <param name="Who"><c>app:…</c>, <c>user:…</c>, or <c>-</c> for who has not shown who it is.</param>
/// <param name="From">An address without a port.</param>
internal readonly record struct AuditActor(string Who, string From)
{
    /// <summary>An app's server, by its API key.</summary>
    public static AuditActor App(AppConfig app, HttpContext context) => new(AppName(app.AppId), AddressOf(context));

    /// <summary>Somebody on the page, by the cookie or by the account that is signed in to.</summary>
    public static AuditActor User(long userId, HttpContext context) => new(UserName(userId), AddressOf(context));

    public static AuditActor Stranger(HttpContext context) => new("-", AddressOf(context));

    /// <summary>Who is at the other end of a gateway's connection: the user that it claims to be.</summary>
    public static AuditActor Client(long? userId, EndPoint? remote) =>
        new(userId is { } id ? UserName(id) : "-", AddressOf((remote as IPEndPoint)?.Address));

    /// <summary>A page account or a product's user, as the one whom something is done to.</summary>
    public static string UserName(long userId) => Named("user", userId);

    public static string UserName(UserKey user) => UserName(user.UserId);

    public static string AppName(long appId) => Named("app", appId);

    public static string RoomName(long roomId) => Named("room", roomId);

    private static string Named(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{id}");

    private static string AddressOf(HttpContext context) => AddressOf(context.Connection.RemoteIpAddress);

    private static string AddressOf(IPAddress? address) =>
        address is null ? "-" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
